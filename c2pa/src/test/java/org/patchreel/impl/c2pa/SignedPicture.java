package org.patchreel.impl.c2pa;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.c2pa.PictureFormat.Place;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.spi.ClaimSigner;

/**
 * A picture that carries a manifest, as a camera or another generator would make it.
 */
public final class SignedPicture {
    private final byte[] bytes;
    private final Place place;

    SignedPicture(byte[] bytes, Place place) {
        this.bytes = bytes;
        this.place = place;
    }

    /** The file. */
    public byte[] bytes() {
        return bytes;
    }

    /** Of the manifest store in it. */
    Place place() {
        return place;
    }

    /** What binds the manifest to the picture. */
    public enum Binding {
        /** A hash of all bytes but those of the manifest. */
        DATA,
        /** Hashes of the parts of the file. */
        BOXES,
        /** A hash of the boxes of a BMFF file. */
        BMFF
    }

    /** Signs a small picture with the binding that is usual for its format. */
    static SignedPicture sign(PictureFormat format, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        return sign(format, format.isBmff() ? Binding.BMFF : Binding.DATA, new byte[100], credential);
    }

    /**
     * Signs.
     *
     * @param thumbnail bytes that make the manifest as large as wanted
     */
    public static SignedPicture sign(
            PictureFormat format, Binding kind, byte[] thumbnail, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        return sign(format, kind, thumbnail, 0, credential);
    }

    /**
     * As above.
     *
     * @param padding zeros behind the store
     */
    static SignedPicture sign(
            PictureFormat format, Binding kind, byte[] thumbnail, int padding, ClaimSigner.Credential credential)
            throws IOException, GeneralSecurityException {
        CoseSign1Writer cose = new CoseSign1Writer(credential.algorithm(), credential.certificateChain(), 0);
        ManifestDescription description = TestClips.description(List.of());
        ManifestDraft manifest = new ManifestDraft(
                description,
                List.of(
                        Assertions.actions(description, List.of()),
                        Assertions.softBinding(description.softBinding().orElseThrow(), Optional.empty()),
                        Assertions.thumbnail(thumbnail)),
                List.of(),
                List.of());
        SignedPicture picture = format.with(new byte[1000]);
        SignedPicture before;
        do {
            before = picture;
            SuperBox binding = before.binding(format, kind);
            byte[] claim = manifest.claim(binding);
            byte[] signature = cose.write(credential.sign(cose.toBeSigned(claim)), Optional.empty());
            picture = format.with(PictureFormat.joined(manifest.store(binding, claim, signature), new byte[padding]));
        } while (!picture.place.equals(before.place) || !Arrays.equals(picture.rest(), before.rest()));
        return picture;
    }

    /** {@return the bytes ahead of the manifest and behind it} */
    private byte[] rest() {
        byte[] rest = bytes.clone();
        Arrays.fill(rest, place.start(), place.end(), (byte) 0);
        return rest;
    }

    private SuperBox binding(PictureFormat format, Binding kind) throws GeneralSecurityException {
        return switch (kind) {
            case DATA -> dataHash();
            case BOXES -> boxHash(format);
            case BMFF -> Assertions.hardBinding(bmffHash());
        };
    }

    private SuperBox dataHash() throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        List<Place> excluded = new ArrayList<>(List.of(new Place(place.start(), place.end(), List.of())));
        excluded.addAll(place.lengthFields());
        excluded.sort(Comparator.comparingInt(Place::start));
        List<Map<String, Object>> exclusions = new ArrayList<>();
        int position = 0;
        for (Place range : excluded) {
            digest.update(bytes, position, range.start() - position);
            position = range.end();
            exclusions.add(Map.of("start", range.start(), "length", range.end() - range.start()));
        }
        digest.update(bytes, position, bytes.length - position);
        return SuperBox.ofCbor(
                "cbor",
                "c2pa.hash.data",
                CborWriter.write(Map.of(
                        "exclusions", exclusions, "alg", "sha256", "hash", digest.digest(), "pad", new byte[0])));
    }

    private SuperBox boxHash(PictureFormat format) throws GeneralSecurityException {
        List<Map<String, Object>> boxes = new ArrayList<>();
        for (PictureFormat.Part part : format.parts(bytes, place)) {
            boolean isManifest = part.name().equals("C2PA");
            byte[] content = Arrays.copyOfRange(bytes, part.start(), part.end());
            boxes.add(Map.of(
                    "names",
                    List.of(part.name()),
                    "alg",
                    "sha256",
                    "hash",
                    isManifest
                            ? new byte[1]
                            : MessageDigest.getInstance("SHA-256").digest(content),
                    "pad",
                    new byte[0]));
        }
        return SuperBox.ofCbor("cbor", "c2pa.hash.boxes", CborWriter.write(Map.of("boxes", boxes)));
    }

    private byte[] bmffHash() throws GeneralSecurityException {
        ByteArrayOutputStream hashed = new ByteArrayOutputStream();
        ByteBuffer file = ByteBuffer.wrap(bytes);
        int position = file.getInt(0); // behind ftyp
        while (position < bytes.length) {
            int size = file.getInt(position);
            if (position != place.start()) {
                hashed.writeBytes(ByteBuffer.allocate(8).putLong(position).array());
                hashed.write(bytes, position, size);
            }
            position += size;
        }
        return MessageDigest.getInstance("SHA-256").digest(hashed.toByteArray());
    }
}
