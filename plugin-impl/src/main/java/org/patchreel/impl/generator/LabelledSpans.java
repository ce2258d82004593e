package org.patchreel.impl.generator;

import java.util.BitSet;
import java.util.List;
import org.patchreel.api.FrameRate;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.impl.label.VisibleLabel;

/** Says which frames of a clip a label is drawn into. */
final class LabelledSpans {

    private LabelledSpans() {}

    /**
     * {@return the indices of the frames; none if the order has no label. Frames of clips that bear the label already are not among
     * them}
     */
    static BitSet of(WorkOrder order) {
        BitSet frames = new BitSet();
        order.label().ifPresent(label -> {
            show(frames, order, label);
            order.continued().stream()
                    .filter(clip -> clip.shown()
                            && clip.asset().filter(label.bearers()::contains).isPresent())
                    .forEach(clip -> frames.clear(first(order, clip), first(order, clip) + clip.length()));
        });
        return frames;
    }

    /** {@return the frame that stands for the clip: the middle one, or the nearest to it that gets the label} */
    static int nearestToTheMiddle(WorkOrder order) {
        int middle = order.format().frameCount() / 2;
        BitSet labelled = of(order);
        int before = labelled.previousSetBit(middle);
        int after = labelled.nextSetBit(middle);
        if (before < 0 && after < 0) {
            return middle;
        }
        return before < 0 || (after >= 0 && after - middle < middle - before) ? after : before;
    }

    private static void show(BitSet frames, WorkOrder order, VisibleLabel label) {
        int count = order.format().frameCount();
        if (label.timing().isThroughout()) {
            frames.set(0, count);
            return;
        }
        int shown = atLeast(label.timing().seconds(), order.format().frameRate());
        List<WorkShot> shots = order.shots();
        // a clip that stands ahead is continued by a single shot, whose label begins with it
        int start = 0;
        for (int i = 0; i < shots.size(); i++) {
            WorkShot shot = shots.get(i);
            start -= shot.dissolved();
            boolean newShot = label.timing().afterCuts() && !shot.continuesShot();
            if (i == 0 || newShot) {
                int first = i == 0 ? 0 : start;
                frames.set(first, (int) Math.min(count, (long) first + shown));
            }
            start += shot.frames();
        }
    }

    /** The number of frames after whose last one that time has passed. */
    private static int atLeast(int seconds, FrameRate rate) {
        return (int) Math.min(
                Integer.MAX_VALUE, ((long) seconds * rate.numerator() + rate.denominator() - 1) / rate.denominator());
    }

    /** {@return where the first frame of a continued clip stands in the result that shows it} */
    static int first(WorkOrder order, WorkSource.Continued clip) {
        return clip.side() == Side.AFTER ? 0 : order.format().frameCount() - clip.length();
    }
}
