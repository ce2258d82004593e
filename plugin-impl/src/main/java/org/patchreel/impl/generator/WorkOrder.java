package org.patchreel.impl.generator;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.patchreel.api.Adapter;
import org.patchreel.api.Destination;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Rights;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.label.VisibleLabel;
import org.patchreel.impl.media.FrameTiming;

/**
 * A clip to make, with every choice made. It consists of values alone and can be carried to another process or machine:
 * see {@link WorkOrderJson}.
 *
 * @param id of the job and its asset
 * @param model name of the model that shall make the frames
 * @param shots in their order, one or more; their frames have one size and rate
 * @param output how the frames become the clip
 * @param destination where the clip goes
 * @param sourceType what the pictures will come from, as it follows from what was asked for
 * @param label drawn into the pictures; empty for none
 * @param rights what the requester has stated of them
 */
record WorkOrder(
        String id,
        String model,
        List<WorkShot> shots,
        Output output,
        Destination destination,
        DigitalSourceType sourceType,
        Optional<VisibleLabel> label,
        Rights rights) {

    /** Between the texts of several shots. */
    private static final String BETWEEN_TEXTS = "\n";

    /**
     * How the model's frames become the clip or the still.
     *
     * @param kind what is made
     * @param format of the clip
     * @param interpolation what stands between the model's frames if the rates differ
     * @param fit how pictures and clips of another shape fill the frame
     * @param outpaints whether the model makes what contained pictures leave empty, which is black otherwise
     */
    record Output(OutputKind kind, VideoFormat format, FrameInterpolation interpolation, Fit fit, boolean outpaints) {}

    /** A clip without a label, of whose rights nothing is stated; see above. */
    WorkOrder(
            String id,
            String model,
            List<WorkShot> shots,
            Output output,
            Destination destination,
            DigitalSourceType sourceType) {
        this(id, model, shots, output, destination, sourceType, Optional.empty(), Rights.NONE);
    }

    WorkOrder {
        shots = List.copyOf(shots);
        if (shots.isEmpty()) {
            throw new IllegalArgumentException("work order " + id + " has no shot");
        }
    }

    /** {@return this order with other shots in the place of its own} */
    WorkOrder with(List<WorkShot> others) {
        return new WorkOrder(id, model, others, output, destination, sourceType, label, rights);
    }

    /** {@return this order with a label} */
    WorkOrder labelled(VisibleLabel drawn) {
        return new WorkOrder(id, model, shots, output, destination, sourceType, Optional.of(drawn), rights);
    }

    /** {@return whether the clip is kept without its label, too} */
    boolean hasMaster() {
        return label.filter(VisibleLabel::master).isPresent();
    }

    /** {@return the prompts as they were given, a line or more each} */
    String prompt() {
        return texts(shot -> shot.given().text());
    }

    /** {@return the prompts that the model reads, one for each shot} */
    List<String> modelPrompts() {
        return shots.stream().map(shot -> shot.task().prompt()).toList();
    }

    /** {@return the prompts that the model reads, if they are not those that were given} */
    Optional<String> expandedPrompt() {
        return Optional.of(texts(shot -> shot.task().prompt())).filter(prompt -> !prompt.equals(prompt()));
    }

    /** {@return the negative prompts, each once} */
    String negativePrompt() {
        return shots.stream()
                .map(shot -> shot.task().negativePrompt())
                .distinct()
                .collect(Collectors.joining(BETWEEN_TEXTS));
    }

    private String texts(Function<WorkShot, String> text) {
        return shots.stream().map(text).collect(Collectors.joining(BETWEEN_TEXTS));
    }

    /** {@return what is asked of the denoising; the seed is that of the first shot} */
    SamplingParameters sampling() {
        return shots.get(0).task().sampling();
    }

    /** {@return LoRAs that change the model, the same for all shots} */
    List<Adapter> adapters() {
        return shots.get(0).task().adapters();
    }

    /** {@return size and rate in which the model makes the frames, and the number of all of them} */
    VideoFormat generated() {
        VideoFormat first = shots.get(0).task().format();
        int frames = shots.stream()
                .mapToInt(shot -> shot.task().format().frameCount())
                .sum();
        return new VideoFormat(first.width(), first.height(), frames, first.frameRate());
    }

    /** {@return pictures and clips that go into it, those of the first shot first} */
    List<WorkSource> sources() {
        return shots.stream().flatMap(shot -> shot.sources().stream()).toList();
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
        return shots.stream().flatMap(shot -> shot.continued().stream()).toList();
    }

    /** {@return the clip between whose frames others are made, if there is one} */
    Optional<WorkSource.Interpolated> interpolated() {
        return shots.stream().flatMap(shot -> shot.interpolated().stream()).findFirst();
    }

    /** {@return the number of frames that the clip has of the model} */
    int made() {
        return interpolated().map(WorkSource.Interpolated::made).orElseGet(this::besideContinued);
    }

    private int besideContinued() {
        return format().frameCount()
                - continued().stream()
                        .filter(WorkSource.Continued::shown)
                        .mapToInt(WorkSource.Continued::length)
                        .sum();
    }

    /** {@return how the frames come from the model's rate to the clip's} */
    FrameTiming timing() {
        return new FrameTiming(shots.get(0).task().format().frameRate(), format().frameRate(), output.interpolation());
    }
}
