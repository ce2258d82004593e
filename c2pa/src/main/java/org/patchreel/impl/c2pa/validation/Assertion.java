package org.patchreel.impl.c2pa.validation;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.jumbf.ContentType;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;

/**
 * An assertion of a manifest.
 *
 * @param label of its box, for example {@code c2pa.ingredient.v3__2}
 * @param kind the label without version and instance: {@code c2pa.ingredient}
 * @param version from the label, 1 if it names none
 * @param box its box
 * @param created whether the claim lists it among those that the signer answers for
 */
record Assertion(String label, String kind, int version, JumbfBox.Super box, boolean created) {
    /** The UUID of what takes the place of a redacted assertion's content (C2PA 2.2, 6.8). */
    private static final ByteBuffer REDACTION =
            ByteBuffer.wrap(HexFormat.of().parseHex("caa98eee9d4df80e86ad4dffca263973"));

    private static final Pattern LABEL =
            Pattern.compile("(.+?)(?:\\.v([0-9]{1,4}))?(?:__([0-9]{1,9}))?", Pattern.DOTALL);

    /** {@return the label of an assertion without version and instance} */
    static String kindOf(String label) {
        Matcher matcher = LABEL.matcher(label);
        return matcher.matches() ? matcher.group(1) : label;
    }

    static Assertion of(JumbfBox.Super box, boolean created) {
        Matcher matcher = LABEL.matcher(box.label());
        if (!matcher.matches()) {
            return new Assertion(box.label(), box.label(), 1, box, created);
        }
        String version = matcher.group(2);
        return new Assertion(
                box.label(), matcher.group(1), version == null ? 1 : Integer.parseInt(version), box, created);
    }

    /** {@return the bytes of its CBOR, if it is of CBOR} */
    Optional<ByteBuffer> cbor() {
        return box.type().equals(ContentType.CBOR) ? box.content(0, "cbor") : Optional.empty();
    }

    /**
     * Decodes it; the result is not kept, because there may be many and they may be large.
     *
     * @return the map that it holds, if it holds one
     */
    Optional<Dictionary> map() {
        try {
            return cbor().isPresent() ? Optional.of(CborReader.readMap(cbor().get())) : Optional.empty();
        } catch (CborException e) {
            return Optional.empty();
        }
    }

    /** {@return whether its content was replaced by zeros, as is done to redact it} */
    boolean isBlank() {
        return box.boxes().stream()
                .allMatch(part -> part instanceof JumbfBox.Content content
                        && isZero(
                                isRedaction(content)
                                        ? rest(content.payload(), REDACTION.remaining())
                                        : content.payload()));
    }

    /** {@return whether its content says that it was redacted; what follows should be zeros} */
    boolean isMarkedAsRedacted() {
        return box.boxes().stream().anyMatch(part -> part instanceof JumbfBox.Content content && isRedaction(content));
    }

    private static boolean isRedaction(JumbfBox.Content content) {
        return content.type().equals("uuid")
                && content.payload().remaining() >= REDACTION.remaining()
                && content.payload().slice(0, REDACTION.remaining()).equals(REDACTION);
    }

    private static ByteBuffer rest(ByteBuffer bytes, int start) {
        return bytes.slice(start, bytes.remaining() - start);
    }

    private static boolean isZero(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            if (rest.get() != 0) {
                return false;
            }
        }
        return true;
    }
}
