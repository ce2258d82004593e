package org.patchreel.impl.label;

import java.util.Optional;
import java.util.Set;
import org.patchreel.impl.media.LabelLook;
import org.patchreel.impl.media.LabelPosition;

/**
 * The labels that are configured.
 *
 * @param profile whose rules they follow
 * @param text of them
 * @param position in the frame
 * @param heightPercent see {@link LabelLook}
 * @param opacityPercent see {@link LabelLook}
 * @param timing when they are shown
 * @param producer see {@link VisibleLabel}
 * @param master see {@link VisibleLabel}
 */
record LabelSettings(
        LabelProfile profile,
        LabelText text,
        LabelPosition position,
        int heightPercent,
        int opacityPercent,
        VisibleLabel.Timing timing,
        Optional<String> producer,
        boolean master) {

    /** {@return the label of a clip of which footage of others is a part, or not} */
    VisibleLabel label(boolean composite) {
        return new VisibleLabel(
                profile,
                new LabelLook(composite ? text.modified() : text.generated(), position, heightPercent, opacityPercent),
                timing,
                producer,
                Set.of(),
                master);
    }
}
