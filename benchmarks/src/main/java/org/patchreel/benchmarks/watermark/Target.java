package org.patchreel.benchmarks.watermark;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How often the ID shall be recovered after attacks of a kind, on clips of 5 s with at least 360 lines. The names are
 * those of the default attack program.
 *
 * @param title of the kind
 * @param attacks which attacks belong to it, by their whole name
 * @param percent the least share
 */
record Target(String title, Pattern attacks, double percent) {

    /** All targets. An attack belongs to at most one. */
    static final List<Target> ALL = List.of(
            target("unattacked", ClipResult.UNATTACKED, 99),
            target("x264 to CRF 33", "codec-x264-crf(23|28|33)", 99),
            target("x264 CRF 40", "codec-x264-crf40", 90),
            target("HEVC to CRF 28", "codec-x265-crf(24|28)", 99),
            target("AV1 to CRF 45", "codec-av1-crf(35|45)", 99),
            target("VP9 to CRF 40", "codec-vp9-crf(32|40)", 99),
            target("scale to 75 and 50 %", "scale-(75|50).*", 99),
            target("scale to 25 %", "scale-25.*", 90),
            target("crop to 90 and 75 %", "crop-(90|75).*", 99),
            target("crop to 50 %", "crop-50.*", 95),
            target("crop to 35 %", "crop-35.*", 70),
            target("rotation to 10°", "rotate-(1|2|3|5|10)(-.*)?", 99),
            target("rotation by 90, 180, 270°", "rotate-(90|180|270)", 99),
            target("flips", "flip-.*", 99),
            target("aspect", "aspect-.*", 99),
            target("perspective 2 %", "perspective-2", 95),
            target("perspective 6 %", "perspective-6", 60),
            target("photometric", "photometric-.*", 99.5),
            target("noise", "noise-.*", 99.5),
            target("blur to 2", "blur-.*", 99.5),
            target("trim to 3 s and 1 s", "trim-[13]s", 99),
            target("one frame", "trim-frame.*", 90),
            target("overlays", "overlay-.*", 98),
            target("letterbox and other borders", "border-.*", 98),
            target("main picture in picture", "pip-main", 98),
            target("social chains", "social-.*", 95),
            target("meme chains", "meme-.*", 80));

    private static Target target(String title, String pattern, double percent) {
        return new Target(title, Pattern.compile(pattern), percent);
    }

    boolean covers(String attack) {
        return attacks.matcher(attack).matches();
    }

    /** {@return whether that share of the variants is enough} */
    boolean reached(Tally tally) {
        return 100.0 * tally.recovered() >= percent * tally.variants();
    }
}
