package org.patchreel.impl.generator;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Source.Continuation.Side;
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
 * @param sources pictures and clips that go into it
 * @param destination where the clip goes
 * @param sourceType what the pictures will come from, as it follows from what was asked for
 * @param given the prompt as it was given; the task has the one that the model reads
 */
record WorkOrder(
        String id,
        String model,
        ModelTask task,
        Output output,
        List<WorkSource> sources,
        Destination destination,
        DigitalSourceType sourceType,
        GivenPrompt given) {

    /**
     * How the model's frames become the clip or the still.
     *
     * @param kind what is made
     * @param format of the clip
     * @param interpolation what stands between the model's frames if the rates differ
     * @param fit how pictures and clips of another shape fill the frame
     */
    record Output(OutputKind kind, VideoFormat format, FrameInterpolation interpolation, Fit fit) {}

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
        ModelTask expanded = new ModelTask(
                prompt,
                task.negativePrompt(),
                task.format(),
                task.sampling(),
                task.known(),
                task.restyle(),
                task.loop());
        return new WorkOrder(
                id, model, expanded, output, sources, destination, sourceType, new GivenPrompt(given.text(), notes));
    }

    /** {@return the prompt that the model reads, if it is not the one that was given} */
    Optional<String> expandedPrompt() {
        return Optional.of(task.prompt()).filter(prompt -> !prompt.equals(given.text()));
    }

    /** {@return what is made} */
    OutputKind kind() {
        return output.kind();
    }

    /** {@return the clip's format; a still is one frame} */
    VideoFormat format() {
        return output.format();
    }

    /** {@return the clips that the result continues, in their order} */
    List<WorkSource.Continued> continued() {
        return sources.stream()
                .flatMap(source -> source.<Stream<WorkSource.Continued>, RuntimeException>fold(
                        picture -> Stream.empty(), Stream::of, restyled -> Stream.empty()))
                .toList();
    }

    /** {@return the clip that is restyled, if there is one} */
    Optional<WorkSource.Restyled> restyled() {
        return sources.stream()
                .flatMap(source -> source.<Stream<WorkSource.Restyled>, RuntimeException>fold(
                        picture -> Stream.empty(), continued -> Stream.empty(), Stream::of))
                .findFirst();
    }

    /** {@return how many of the model's first frames the clip does not show, as a continued clip's own stand there} */
    int skipped() {
        return continued().stream()
                .filter(clip -> clip.side() == Side.AFTER)
                .mapToInt(clip -> clip.known() - 1)
                .sum();
    }

    /** {@return whether the first frame after those is a continued clip's last one} */
    boolean beginsWithKnownFrame() {
        return continued().stream().anyMatch(clip -> clip.side() == Side.AFTER);
    }

    /** {@return the number of frames that the clip has of the model} */
    int made() {
        return format().frameCount()
                - continued().stream()
                        .filter(WorkSource.Continued::shown)
                        .mapToInt(WorkSource.Continued::length)
                        .sum();
    }

    /** {@return how the frames come from the model's rate to the clip's} */
    FrameTiming timing() {
        return new FrameTiming(task.format().frameRate(), format().frameRate(), output.interpolation());
    }
}
