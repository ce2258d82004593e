package org.patchreel.benchmarks.watermark;

import java.util.List;
import java.util.function.Predicate;

/**
 * How many variants were tried and how many gave the ID back.
 *
 * @param variants tried
 * @param recovered of them
 * @param recoveredWithStore of them, those included that were seen because the pictures led to the stored clip
 * @param wrongIds IDs read that were not embedded
 */
record Tally(int variants, int recovered, int recoveredWithStore, int wrongIds) {

    /**
     * Counts.
     *
     * @param clips all
     * @param attack which attacks to count
     */
    static Tally of(List<ClipResult> clips, Predicate<String> attack) {
        int variants = 0;
        int recovered = 0;
        int recoveredWithStore = 0;
        int wrongIds = 0;
        for (ClipResult clip : clips) {
            for (ClipResult.Variant variant : clip.variants()) {
                if (attack.test(variant.attack())) {
                    variants++;
                    recovered += variant.recovered() ? 1 : 0;
                    recoveredWithStore += variant.recoveredWithStore() ? 1 : 0;
                    wrongIds += variant.wrongIds();
                }
            }
        }
        return new Tally(variants, recovered, recoveredWithStore, wrongIds);
    }

    /** {@return the share recovered in percent; 0 of nothing} */
    double percent() {
        return share(recovered);
    }

    /** {@return the share recovered with the store in percent; 0 of nothing} */
    double percentWithStore() {
        return share(recoveredWithStore);
    }

    private double share(int count) {
        return variants == 0 ? 0 : 100.0 * count / variants;
    }
}
