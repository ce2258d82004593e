package org.patchreel.impl.c2pa.jumbf;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A JUMBF superbox, written (ISO/IEC 19566-5; <a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_jumbf_details">C2PA 2.2,
 * 11.1</a>): a box {@code jumb} with a description, whose label makes it addressable, and then its content boxes.
 */
public final class SuperBox {
    /** Header of a box: size and type. */
    private static final int HEADER = 8;

    /** Follows the four letters in the content types of C2PA. */
    private static final byte[] TYPE_SUFFIX = HexFormat.of().parseHex("00110010800000aa00389b71");

    private static final byte[] EMBEDDED_FILE = HexFormat.of().parseHex("40cb0c32bb8a489da70b2ad6f47f4369");

    /** The box can be requested by its label, and has one. */
    private static final byte REQUESTABLE_WITH_LABEL = 3;

    private final String label;
    private final byte[] bytes;

    private SuperBox(String label, byte[] bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /**
     * A superbox of superboxes.
     *
     * @param type four letters, for example {@code c2ma} for a manifest
     * @param label by which it is addressed
     * @param children whole boxes
     * @return the box
     */
    public static SuperBox of(String type, String label, byte[]... children) {
        return of(concatenate(type.getBytes(US_ASCII), TYPE_SUFFIX), label, children);
    }

    /**
     * A superbox with one CBOR content box.
     *
     * @param type four letters: {@code cbor} for an assertion, {@code c2cl} for a claim, {@code c2cs} for a signature
     * @param label by which it is addressed
     * @param cbor the content
     * @return the box
     */
    public static SuperBox ofCbor(String type, String label, byte[] cbor) {
        return of(type, label, box("cbor", cbor));
    }

    /**
     * A superbox with one JSON content box.
     *
     * @param label by which it is addressed
     * @param json the content, in UTF-8
     * @return the box
     */
    public static SuperBox ofJson(String label, byte[] json) {
        return of("json", label, box("json", json));
    }

    /**
     * A superbox with an embedded file.
     *
     * @param label by which it is addressed
     * @param mediaType of the file
     * @param file its bytes
     * @return the box
     */
    public static SuperBox ofFile(String label, String mediaType, byte[] file) {
        byte[] description = concatenate(new byte[1], mediaType.getBytes(US_ASCII), new byte[1]);
        return of(EMBEDDED_FILE, label, box("bfdb", description), box("bidb", file));
    }

    private static SuperBox of(byte[] type, String label, byte[]... children) {
        byte[] description =
                box("jumd", concatenate(type, new byte[] {REQUESTABLE_WITH_LABEL}, label.getBytes(UTF_8), new byte[1]));
        return new SuperBox(label, box("jumb", concatenate(description, concatenate(children))));
    }

    /** {@return the label} */
    public String label() {
        return label;
    }

    /** {@return the whole box; not to be changed} */
    public byte[] bytes() {
        return bytes;
    }

    /** {@return its hash, by which hashed URIs refer to it} */
    public byte[] hash() {
        return hash(ByteBuffer.wrap(bytes, HEADER, bytes.length - HEADER));
    }

    /**
     * The hash of a superbox (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_hashing_jumbf_boxes">C2PA
     * 2.2, 8.4.2.3</a>).
     *
     * @param payload description and content boxes: all but the header
     * @return SHA-256
     */
    public static byte[] hash(ByteBuffer payload) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(payload.duplicate());
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static byte[] box(String type, byte[] content) {
        return ByteBuffer.allocate(HEADER + content.length)
                .putInt(HEADER + content.length)
                .put(type.getBytes(US_ASCII))
                .put(content)
                .array();
    }

    private static byte[] concatenate(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
