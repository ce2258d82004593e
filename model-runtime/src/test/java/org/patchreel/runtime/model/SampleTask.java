package org.patchreel.runtime.model;

import java.util.List;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.ModelTask;

/** The place where tests make tasks. */
public final class SampleTask {

    private SampleTask() {}

    /** {@return a clip made of two texts} */
    public static ModelTask of(String prompt, String negativePrompt, VideoFormat format, SamplingParameters sampling) {
        return new ModelTask(prompt, negativePrompt, format, sampling, List.of());
    }

    /** {@return a task with given frames} */
    public static ModelTask knowing(ModelTask task, KnownFrame... known) {
        return new ModelTask(task.prompt(), task.negativePrompt(), task.format(), task.sampling(), List.of(known));
    }
}
