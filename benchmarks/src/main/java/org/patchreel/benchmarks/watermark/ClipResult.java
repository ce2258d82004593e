package org.patchreel.benchmarks.watermark;

import java.util.List;

/**
 * What became of one clip's mark.
 *
 * @param name of the clip
 * @param width pixels
 * @param height pixels
 * @param frames how many
 * @param frameRate a second
 * @param id what was embedded, 16 hexadecimal digits
 * @param marking how the mark was embedded and what it did to the pictures
 * @param problems what the attack program did not deliver, in words
 * @param variants the marked file itself, and each attacked one
 */
record ClipResult(
        String name,
        int width,
        int height,
        int frames,
        int frameRate,
        String id,
        Marking marking,
        List<String> problems,
        List<Variant> variants) {

    /** The name under which the marked file itself stands among the variants. */
    static final String UNATTACKED = "unattacked";

    /**
     * Strength and visibility of a mark.
     *
     * @param alpha the strength that the embedder chose
     * @param psnrY of the luma of all frames, marked against unmarked, before encoding, in dB
     * @param worstPsnrY of the frame that suffers most
     * @param ssim mean structural similarity of the luma
     * @param seconds that marking and encoding took
     */
    record Marking(double alpha, double psnrY, double worstPsnrY, double ssim, double seconds) {}

    /**
     * What was read in a variant.
     *
     * @param attack its name
     * @param recovered whether the embedded ID is among the marks read
     * @param recoveredWithStore whether it was read, or seen because the pictures led to the stored clip
     * @param wrongIds how many others were read or seen
     * @param syncStatistic t of the mark, or the largest one seen
     * @param correlation ρ of the mark, or the largest one seen
     * @param stage what had to be searched; empty if nothing was read
     * @param attempts words that were decoded
     * @param seconds that the detection took
     * @param error why the file could not be examined; empty if it could
     */
    record Variant(
            String attack,
            boolean recovered,
            boolean recoveredWithStore,
            int wrongIds,
            double syncStatistic,
            double correlation,
            String stage,
            int attempts,
            double seconds,
            String error) {}
}
