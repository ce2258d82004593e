package org.patchreel.impl.c2pa.bmff;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;

/**
 * What C2PA put into a file: its {@code uuid} boxes (C2PA 2.2, A.5.1 to A.5.3).
 *
 * @param manifest a manifest store, with padding
 * @param original a manifest store that an update manifest came to
 * @param update a manifest store with the update manifest alone
 * @param places of these boxes, in the order of the file
 * @param proofs of the Merkle trees, in the order of the file
 */
public record C2paBoxes(
        Optional<ByteBuffer> manifest,
        Optional<ByteBuffer> original,
        Optional<ByteBuffer> update,
        List<Place> places,
        List<MerkleProof> proofs) {

    /**
     * Where a box with a manifest store stands, in bytes from the file's start.
     *
     * @param purpose {@code manifest}, {@code original} or {@code update}
     * @param start of the box
     * @param purposeStart of the purpose, which ends with a zero
     * @param end of the box
     */
    public record Place(String purpose, long start, long purposeStart, long end) {}

    private static final Set<String> STORES = Set.of("manifest", "original", "update");

    /** Thumbnails and ingredients take a few megabytes. */
    private static final int MAX_STORE = 64 << 20;

    private static final int MAX_PROOF = 1 << 20;
    private static final long MAX_PROOFS = 32 << 20;
    private static final int UUID = 16;
    private static final int VERSION_AND_FLAGS = 4;
    private static final int MERKLE_OFFSET = 8;
    private static final int MAX_PURPOSE = 64;

    private static final byte[] C2PA = HexFormat.of().parseHex("d8fec3d61b0e483c92975828877ec481");

    /**
     * Reads them.
     *
     * @throws BmffException if one of them is not well-formed or too large, or there are two of a kind
     * @throws IOException if the file cannot be read
     */
    public static C2paBoxes of(BmffFile file) throws BmffException, IOException {
        List<ByteBuffer> manifests = new ArrayList<>();
        List<ByteBuffer> originals = new ArrayList<>();
        List<ByteBuffer> updates = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        List<MerkleProof> proofs = new ArrayList<>();
        long proofBytes = 0;
        boolean any = false;
        for (BmffBox box : file.boxes()) {
            if (!isC2pa(file, box)) {
                continue;
            }
            any = true;
            String purpose = purpose(file, box);
            long data = box.content() + UUID + VERSION_AND_FLAGS + purpose.length() + 1;
            if (STORES.contains(purpose)) {
                places.add(new Place(purpose, box.offset(), data - purpose.length() - 1, box.end()));
            }
            switch (purpose) {
                case "manifest" -> manifests.add(store(file, box, data));
                case "original" -> originals.add(store(file, box, data));
                case "update" -> updates.add(store(file, box, data));
                case "merkle" -> {
                    long length = box.end() - data;
                    proofBytes += length;
                    if (length > MAX_PROOF || proofBytes > MAX_PROOFS) {
                        throw new BmffException("proofs of Merkle trees of more than " + MAX_PROOFS + " bytes");
                    }
                    proofs.add(proof(file.read(data, (int) length), box));
                }
                default -> {} // of a later version
            }
        }
        boolean segment = !proofs.isEmpty()
                && file.boxes().stream().noneMatch(box -> box.type().equals("moov"));
        if (any && !segment && manifests.isEmpty() && originals.isEmpty() && updates.isEmpty()) {
            throw new BmffException("there are boxes of C2PA's, and no manifest in them");
        }
        if (manifests.size() + originals.size() > 1 || updates.size() > 1) {
            throw new BmffException("more than one manifest store");
        }
        if (originals.isEmpty() != updates.isEmpty()) {
            throw new BmffException("an original and an update manifest store come together");
        }
        return new C2paBoxes(
                manifests.stream().findFirst(),
                originals.stream().findFirst(),
                updates.stream().findFirst(),
                List.copyOf(places),
                List.copyOf(proofs));
    }

    /** {@return whether there are proofs only, as in a segment of a fragmented file whose manifest is in another} */
    public boolean isSegment() {
        return manifest.isEmpty() && original.isEmpty() && !proofs.isEmpty();
    }

    /**
     * Looks for C2PA's UUID anywhere in a file whose boxes cannot be walked.
     *
     * @return whether there is a {@code uuid} box of C2PA's
     * @throws IOException if the file cannot be read
     */
    public static boolean traceIn(BmffFile file) throws IOException {
        byte[] box = new byte[4 + UUID];
        System.arraycopy("uuid".getBytes(StandardCharsets.US_ASCII), 0, box, 0, 4);
        System.arraycopy(C2PA, 0, box, 4, UUID);
        byte[] window = new byte[1 << 16];
        for (long start = 0; start < file.size(); start += window.length - box.length + 1) {
            ByteBuffer part = ByteBuffer.wrap(window, 0, (int) Math.min(window.length, file.size() - start));
            file.readFully(part, start);
            for (int i = 0; i + box.length <= part.limit(); i++) {
                if (window[i] == box[0] && Arrays.equals(window, i, i + box.length, box, 0, box.length)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isC2pa(BmffFile file, BmffBox box) throws IOException {
        return box.type().equals("uuid")
                && box.size() >= box.header() + UUID
                && Arrays.equals(file.read(box.content(), UUID), C2PA);
    }

    private static String purpose(BmffFile file, BmffBox box) throws BmffException, IOException {
        long start = box.content() + UUID + VERSION_AND_FLAGS;
        if (start >= box.end()) {
            throw new BmffException("C2PA's box at byte " + box.offset() + " has no purpose");
        }
        byte[] bytes = file.read(start, (int) Math.min(MAX_PURPOSE, box.end() - start));
        for (int length = 0; length < bytes.length; length++) {
            if (bytes[length] == 0) {
                return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
            }
        }
        throw new BmffException("the purpose of C2PA's box at byte " + box.offset() + " does not end");
    }

    private static ByteBuffer store(BmffFile file, BmffBox box, long data) throws BmffException, IOException {
        long start = data + MERKLE_OFFSET;
        long length = box.end() - start;
        if (length < 0 || length > MAX_STORE) {
            throw new BmffException(
                    "a manifest store of " + length + " bytes; at most " + MAX_STORE + " bytes are read");
        }
        return ByteBuffer.wrap(file.read(start, (int) length)).asReadOnlyBuffer();
    }

    private static MerkleProof proof(byte[] data, BmffBox box) throws BmffException {
        try {
            return MerkleProof.of(CborReader.readPaddedMap(ByteBuffer.wrap(data)));
        } catch (CborException e) {
            throw new BmffException("the proof in C2PA's box at byte " + box.offset() + ": " + e.reason());
        }
    }
}
