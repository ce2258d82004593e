package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.VideoFormat;

/**
 * How long a clip will take, by clips that the same model has made on the same device: sampling takes the longer the more often
 * the network runs and the more pixels it sees, decoding and encoding the longer the more pixels the clip has. Of several clips
 * the median counts.
 *
 * @param past clips of the model on the device
 */
record TimeEstimate(List<Past> past) {

    /** The maximum number of clips that are looked at, the latest ones. */
    static final int MAX_CLIPS = 10;

    private static final double NANOS = 1e9;

    /**
     * A clip that was made.
     *
     * @param metadata its timings
     * @param sampled see {@link #sampled}
     */
    record Past(AssetMetadata metadata, double sampled) {}

    /**
     * What sampling costs, in pixels that the network sees.
     *
     * @param passes of the network
     * @param windowFrames that it sees at once
     * @param generated format of the frames
     */
    static double sampled(int passes, int windowFrames, VideoFormat generated) {
        return (double) passes * windowFrames * generated.width() * generated.height();
    }

    /**
     * Estimates.
     *
     * @param sampled of the clip
     * @param clip format of the clip
     * @return empty if there are no clips to tell by
     */
    Optional<Duration> of(double sampled, VideoFormat clip) {
        if (past.isEmpty()) {
            return Optional.empty();
        }
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
