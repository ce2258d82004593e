package org.patchreel.impl.watermark;

/**
 * The keys of one epoch, derived from one master secret. Immutable; may be used by any thread.
 */
public final class WatermarkKey {
    /** The least length of a master secret in bytes. */
    public static final int SECRET_BYTES = 32;

    private WatermarkKey() {}

    /**
     * Derives the keys.
     *
     * @param masterSecret at least {@value #SECRET_BYTES} random bytes
     * @return the keys
     * @throws IllegalArgumentException if the secret is too short
     */
    public static WatermarkKey derive(byte[] masterSecret) {
        throw new UnsupportedOperationException();
    }
}
