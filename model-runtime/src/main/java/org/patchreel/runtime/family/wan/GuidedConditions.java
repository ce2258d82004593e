package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDManager;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.patchreel.api.GenerationException;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelTask;

/**
 * The condition of VACE, for the one run that its clips are made in.
 *
 * @param encoder encodes it
 * @param task says what is given
 * @param monitor asked whether to stop
 */
record GuidedConditions(GuideEncoder encoder, ModelTask task, GenerationMonitor monitor) implements WindowConditions {

    @Override
    public OfWindow of(WindowPlan.Run run, WindowedRun.Before before, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NavigableMap<Integer, KnownFrame> known = new TreeMap<>();
        task.known().forEach(frame -> known.put(frame.index(), frame));
        return new OfWindow(
                Optional.empty(),
                encoder.encode(task.guides(), known, task.format(), monitor, scope),
                Optional.empty());
    }
}
