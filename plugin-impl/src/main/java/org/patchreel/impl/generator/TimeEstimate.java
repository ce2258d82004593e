package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;

/**
 * How long a clip will take, by clips that the same model has made on the same device: sampling takes the longer the more often
 * the network runs and the more pixels it sees, decoding and encoding the longer the more pixels the clip has. Of several clips
 * the median counts.
 *
 * @param past clips of the model on the device
 */
record TimeEstimate(List<Past> past) {

    /** The maximum number of clips that are looked at, the latest ones. */
    private static final int MAX_CLIPS = 10;

    private static final double NANOS = 1e9;

    /**
     * A clip that was made.
     *
     * @param metadata its timings
     * @param sampled what sampling it cost, in pixels that the network saw
     */
    record Past(AssetMetadata metadata, double sampled) {}

    /**
     * Finds the latest clips of a model on its device, of which more is known once it has run: {@code cpu, 2 threads}.
     *
     * @param model that shall make a clip
     * @param store of the clips
     * @throws IOException if the clips cannot be listed
     * @throws GenerationException if the model cannot plan
     */
    static TimeEstimate by(VideoModel model, AssetStore store) throws IOException, GenerationException {
        String name = model.descriptor().name();
        String device = model.descriptor().device();
        List<Past> past = new ArrayList<>();
        for (AssetReference reference : store.list()) {
            if (past.size() == MAX_CLIPS) {
                break;
            }
            Optional<AssetMetadata> made = store.find(reference.id()).map(StoredAsset::metadata);
            if (made.isPresent()
                    && made.get().model().name().equals(name)
                    && made.get().model().device().startsWith(device)) {
                AssetMetadata clip = made.get();
                SamplingPlan plan = model.plan(new ModelTask(
                        clip.prompt(), clip.negativePrompt(), clip.generated(), clip.sampling(), List.of()));
                past.add(new Past(clip, sampled(plan, clip.generated())));
            }
        }
        return new TimeEstimate(List.copyOf(past));
    }

    /** What sampling costs, in pixels that the network sees. */
    private static double sampled(SamplingPlan plan, VideoFormat generated) {
        return (double) plan.passes() * plan.windowFrames() * generated.width() * generated.height();
    }

    /**
     * Estimates.
     *
     * @param plan of the clip
     * @param generated format of the model's frames
     * @param clip format of the clip
     * @return empty if there are no clips to tell by
     */
    Optional<Duration> of(SamplingPlan plan, VideoFormat generated, VideoFormat clip) {
        if (past.isEmpty()) {
            return Optional.empty();
        }
        double sampled = sampled(plan, generated);
        double seconds = median(each -> time(each, Stage.LOADING))
                + median(each -> time(each, Stage.ENCODING_PROMPT))
                + sampled * median(each -> time(each, Stage.SAMPLING) / each.sampled())
                + pixels(clip)
                        * median(each ->
                                (time(each, Stage.DECODING) + time(each, Stage.SIGNING) + time(each, Stage.STORING))
                                        / pixels(each.metadata().format()));
        return Optional.of(Duration.ofMillis(Math.round(1000 * seconds)));
    }

    private static double time(Past clip, Stage stage) {
        Map<String, Duration> timings = clip.metadata().timings();
        return timings.getOrDefault(stage.label(), Duration.ZERO).toNanos() / NANOS;
    }

    private static double pixels(VideoFormat format) {
        return (double) format.frameCount() * format.width() * format.height();
    }

    private double median(ToDoubleFunction<Past> value) {
        double[] sorted = past.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
