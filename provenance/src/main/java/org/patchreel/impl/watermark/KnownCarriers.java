package org.patchreel.impl.watermark;

/** Carriers whose amplitudes are known before anything is decoded. */
final class KnownCarriers {
    final int[] bins;

    /** Of each, in units of a carrier of the payload, with its sign. */
    final float[] amplitudes;

    KnownCarriers(int[] bins, float[] amplitudes) {
        this.bins = bins;
        this.amplitudes = amplitudes;
    }
}
