package org.patchreel.impl.generator;

import java.util.List;
import java.util.Optional;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.ModelTask;

/**
 * A clip to make, with every choice made. It consists of values alone and can be carried to another process or machine:
 * see {@link WorkOrderJson}.
 *
 * @param id of the job and its asset
 * @param model name of the model that shall make the frames
 * @param task for the model, in the size, length and rate in which it makes the frames
 * @param output how the frames become the clip
 * @param destination where the clip goes
 * @param sourceType what the pictures will come from, as it follows from what was asked for
 * @param given the prompt as it was given; the task has the one that the model reads
 */
record WorkOrder(
        String id,
        String model,
        ModelTask task,
        Output output,
        Destination destination,
        DigitalSourceType sourceType,
        GivenPrompt given) {

    /**
     * How the model's frames become the clip.
     *
     * @param format of the clip
     * @param interpolation what stands between the model's frames if the rates differ
     */
    record Output(VideoFormat format, FrameInterpolation interpolation) {}

    /**
     * A prompt as it was given.
     *
     * @param text of the prompt
     * @param notes what was said when it was expanded, a sentence each
     */
    record GivenPrompt(String text, List<String> notes) {

        GivenPrompt {
            notes = List.copyOf(notes);
        }
    }

    /** {@return this order, whose model reads another prompt} */
    WorkOrder expanded(String prompt, List<String> notes) {
        ModelTask expanded = new ModelTask(prompt, task.negativePrompt(), task.format(), task.sampling(), task.known());
        return new WorkOrder(
                id, model, expanded, output, destination, sourceType, new GivenPrompt(given.text(), notes));
    }

    /** {@return the prompt that the model reads, if it is not the one that was given} */
    Optional<String> expandedPrompt() {
        return Optional.of(task.prompt()).filter(prompt -> !prompt.equals(given.text()));
    }

    /** {@return the clip's format} */
    VideoFormat format() {
        return output.format();
    }

    /** {@return how the frames come from the model's rate to the clip's} */
    FrameTiming timing() {
        return new FrameTiming(task.format().frameRate(), format().frameRate(), output.interpolation());
    }
}
