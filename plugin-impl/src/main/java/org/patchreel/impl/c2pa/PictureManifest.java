package org.patchreel.impl.c2pa;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;

/**
 * The manifest store of a JPEG or PNG picture, and whether it is bound to the picture's bytes (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_data_hash">C2PA 2.2, 18.5
 * and A.3</a>). Pictures come from anywhere: what is not well-formed counts as no manifest.
 */
final class PictureManifest {
    private static final int JPEG_START = 0xFFD8;
    private static final int APP11 = 0xFFEB;
    private static final int START_OF_SCAN = 0xFFDA;
    private static final int JUMBF_IDENTIFIER = 0x4A50;

    /** Common identifier, box instance and sequence number, then size and type of the box. */
    private static final int APP11_HEADER = 8;

    private static final int BOX_HEADER = 8;

    private static final long PNG_START = 0x89504E470D0A1A0AL;
    private static final int CABX = 0x63614258;
    private static final int PNG_CHUNK = 12;

    private static final String DATA_HASH = "c2pa.hash.data";

    private PictureManifest() {}

    /**
     * Finds the store.
     *
     * @param picture the whole file
     * @return its bytes; empty if there is none
     */
    static Optional<byte[]> store(byte[] picture) {
        ByteBuffer bytes = ByteBuffer.wrap(picture);
        if (picture.length >= 8 && bytes.getLong(0) == PNG_START) {
            return png(bytes);
        }
        if (picture.length >= 2 && Short.toUnsignedInt(bytes.getShort(0)) == JPEG_START) {
            return jpeg(bytes);
        }
        return Optional.empty();
    }

    private static Optional<byte[]> png(ByteBuffer bytes) {
        int position = 8;
        while (bytes.limit() - position >= PNG_CHUNK) {
            int length = bytes.getInt(position);
            if (length < 0 || length > bytes.limit() - position - PNG_CHUNK) {
                return Optional.empty();
            }
            if (bytes.getInt(position + 4) == CABX) {
                return Optional.of(copy(bytes, position + 8, length));
            }
            position += PNG_CHUNK + length;
        }
        return Optional.empty();
    }

    /** A box is cut into segments that have its instance number in common; each repeats the box's header. */
    private static Optional<byte[]> jpeg(ByteBuffer bytes) {
        Map<Integer, ByteArrayOutputStream> boxes = new TreeMap<>();
        int position = 2;
        while (bytes.limit() - position >= 4) {
            int marker = Short.toUnsignedInt(bytes.getShort(position));
            int length = Short.toUnsignedInt(bytes.getShort(position + 2));
            if (marker >>> 8 != 0xFF
                    || marker == START_OF_SCAN
                    || length < 2
                    || length > bytes.limit() - position - 2) {
                break;
            }
            int content = position + 4;
            int contentLength = length - 2;
            if (marker == APP11
                    && contentLength >= APP11_HEADER + BOX_HEADER
                    && Short.toUnsignedInt(bytes.getShort(content)) == JUMBF_IDENTIFIER) {
                int instance = Short.toUnsignedInt(bytes.getShort(content + 2));
                boolean first = !boxes.containsKey(instance);
                int skipped = APP11_HEADER + (first ? 0 : BOX_HEADER);
                boxes.computeIfAbsent(instance, number -> new ByteArrayOutputStream())
                        .writeBytes(copy(bytes, content + skipped, contentLength - skipped));
            }
            position += 2 + length;
        }
        return boxes.values().stream()
                .map(ByteArrayOutputStream::toByteArray)
                .filter(PictureManifest::isStore)
                .findFirst();
    }

    private static boolean isStore(byte[] box) {
        try {
            return JumbfReader.read(ByteBuffer.wrap(box)).type().equals(ContentType.MANIFEST_STORE);
        } catch (JumbfException e) {
            return false;
        }
    }

    private static byte[] copy(ByteBuffer bytes, int start, int length) {
        byte[] part = new byte[length];
        bytes.get(start, part);
        return part;
    }

    /**
     * Checks the binding of the active manifest.
     *
     * @param picture the whole file
     * @param store its manifest store
     * @return what was found; empty if the store has no manifest
     */
    static Optional<Status> binding(byte[] picture, byte[] store) {
        try {
            List<JumbfBox.Super> manifests =
                    JumbfReader.read(ByteBuffer.wrap(store)).superBoxes();
            if (manifests.isEmpty()) {
                return Optional.empty();
            }
            JumbfBox.Super active = manifests.get(manifests.size() - 1);
            Optional<JumbfBox.Super> assertion = active.superBoxes().stream()
                    .filter(part -> part.type().equals(ContentType.ASSERTION_STORE))
                    .flatMap(assertions -> assertions.superBoxes().stream())
                    .filter(candidate -> candidate.label().startsWith(DATA_HASH))
                    .findFirst();
            String url = "self#jumbf=/c2pa/" + active.label() + "/c2pa.assertions/";
            if (assertion.isEmpty()) {
                return Optional.of(new Status(
                        "general.error",
                        Status.Outcome.FAILURE,
                        "self#jumbf=/c2pa/" + active.label(),
                        "the binding to the picture was not checked, it is none of the kind " + DATA_HASH));
            }
            boolean matches = matches(
                    picture,
                    CborReader.readMap(assertion.get().content(0, "cbor").orElse(ByteBuffer.allocate(0))));
            return Optional.of(new Status(
                    matches ? "assertion.dataHash.match" : "assertion.dataHash.mismatch",
                    matches ? Status.Outcome.SUCCESS : Status.Outcome.FAILURE,
                    url + assertion.get().label(),
                    matches ? "the picture is the one that was signed" : "the picture is not the one that was signed"));
        } catch (JumbfException | CborException e) {
            return Optional.empty();
        }
    }

    /** A stretch of bytes that the hash leaves out. */
    private record Range(long start, long length) {}

    private static boolean matches(byte[] picture, Dictionary binding) {
        List<Range> exclusions = new ArrayList<>();
        for (CborValue value : binding.array("exclusions").orElse(List.of())) {
            if (!(value instanceof Dictionary range)) {
                return false;
            }
            exclusions.add(new Range(
                    range.number("start").orElse(-1L), range.number("length").orElse(-1L)));
        }
        exclusions.sort(Comparator.comparingLong(Range::start));
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm(binding.text("alg").orElse("sha256")));
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
        int position = 0;
        for (Range range : exclusions) {
            if (range.start() < position || range.length() < 0 || range.length() > picture.length - range.start()) {
                return false;
            }
            digest.update(picture, position, (int) range.start() - position);
            position = (int) (range.start() + range.length());
        }
        digest.update(picture, position, picture.length - position);
        return MessageDigest.isEqual(digest.digest(), binding.bytes("hash").orElse(new byte[0]));
    }

    private static String algorithm(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "sha256" -> "SHA-256";
            case "sha384" -> "SHA-384";
            case "sha512" -> "SHA-512";
            default -> name;
        };
    }
}
