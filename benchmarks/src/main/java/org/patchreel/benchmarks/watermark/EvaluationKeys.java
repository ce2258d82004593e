package org.patchreel.benchmarks.watermark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.patchreel.impl.watermark.MarkId;
import org.patchreel.impl.watermark.WatermarkKey;

/** Keys and IDs of the measurements: the same in each run, so that runs can be compared. */
final class EvaluationKeys {
    private EvaluationKeys() {}

    /** {@return the key that marks the clips} */
    static WatermarkKey key() {
        return WatermarkKey.derive(digest("the evaluation's key"));
    }

    /** {@return a key that marks nothing, another one for each number} */
    static WatermarkKey foreign(long number) {
        return WatermarkKey.derive(digest("foreign key " + number));
    }

    /** {@return the ID of a clip} */
    static MarkId id(String clip) {
        return new MarkId(ByteBuffer.wrap(digest("ID of " + clip)).getLong());
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
