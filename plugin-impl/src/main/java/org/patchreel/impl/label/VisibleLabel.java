package org.patchreel.impl.label;

import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.media.LabelLook;

/**
 * The label of one clip or still, as values that an order can carry to another machine.
 *
 * @param profile whose rules it follows
 * @param look of it
 * @param timing when it is shown
 * @param producer named in the metadata {@code AIGC} of the file; empty if it shall have none
 * @param bearers IDs of assets that the clip continues and that bear this label already, in frames of this size: theirs stay as they are
 * @param master whether the clip is kept without the label, too
 */
public record VisibleLabel(
        LabelProfile profile,
        LabelLook look,
        Timing timing,
        Optional<String> producer,
        Set<String> bearers,
        boolean master) {

    /**
     * When a label is shown.
     *
     * @param seconds from the first frame on; 0 throughout
     * @param afterCuts whether for as long after each cut and each dissolve to another shot, too
     */
    public record Timing(int seconds, boolean afterCuts) {
        /** {@return whether it never goes} */
        public boolean isThroughout() {
            return seconds == 0;
        }
    }

    /** Copies the set. */
    public VisibleLabel {
        bearers = Set.copyOf(bearers);
    }

    /** {@return this label, which these assets bear already} */
    public VisibleLabel borneBy(Set<String> assets) {
        return new VisibleLabel(profile, look, timing, producer, assets, master);
    }

    /** {@return this label, beside which nothing is kept} */
    public VisibleLabel withoutMaster() {
        return new VisibleLabel(profile, look, timing, producer, bearers, false);
    }
}
