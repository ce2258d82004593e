package org.patchreel.impl.generator;

import org.patchreel.api.Destination;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;

/**
 * A request with every choice made.
 *
 * @param model what makes the frames
 * @param descriptor of that model, as it was when the choices were made
 * @param task for the model, in the size in which it makes the frames
 * @param output the clip's format
 * @param timing how the frames come from the task's rate to the clip's
 * @param destination where the clip goes
 */
record GenerationPlan(
        VideoModel model,
        ModelDescriptor descriptor,
        ModelTask task,
        VideoFormat output,
        FrameTiming timing,
        Destination destination) {}
