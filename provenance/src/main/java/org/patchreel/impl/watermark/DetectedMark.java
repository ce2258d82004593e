package org.patchreel.impl.watermark;

import org.patchreel.api.ProvenanceReport.TimeRange;

/**
 * A mark whose message authentication code is right, or that was known and seen, with measurements that must not leave the host: they would tell an
 * attacker how near a changed copy is to being unreadable.
 *
 * @param id what it says
 * @param epoch index of the key in the detector's list
 * @param range where in the file it was read
 * @param syncStatistic t: height of the synchronisation peak, of all carriers if the mark was known; about standard normal
 *     per shift for unmarked pictures
 * @param correlation ρ: normalised correlation of the carriers with the word that was read
 * @param stage what had to be searched: {@code identity}, {@code scale}, {@code aspect}, {@code rotation}, …
 * @param geometry where the marked picture's axes lie in this one
 */
public record DetectedMark(
        MarkId id,
        int epoch,
        TimeRange range,
        double syncStatistic,
        double correlation,
        String stage,
        Geometry geometry) {

    /** The stage of marks that were asked for by their ID and not read. */
    public static final String KNOWN = "known";
}
