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
import org.patchreel.api.PlannedClip.PlannedShot;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.VideoModel;

/**
 * For how long a clip will keep the device busy, by clips that the same model has made on the same device. One of the same shape
 * took as long; otherwise sampling takes the longer the more often the network runs and the more pixels it sees, decoding and
 * encoding the longer the more pixels the clip has. Of several clips the median counts.
 *
 * @param past clips of the model on the device
 */
record TimeEstimate(List<Past> past) {

    /** The maximum number of clips that are looked at, the latest ones. */
    private static final int MAX_CLIPS = 10;

    private static final double NANOS = 1e9;

    private static final String LOADING = Stage.LOADING.label();
    private static final String PROMPT = Stage.ENCODING_PROMPT.label();
    private static final String SAMPLING = Stage.SAMPLING.label();
    private static final String DECODING = Stage.DECODING.label();
    private static final String ENCODING = StageTimer.ENCODING;

    /** What keeps the device busy; a clip is signed and stored beside the next one. */
    private static final List<String> DEVICE = List.of(LOADING, PROMPT, SAMPLING, DECODING, ENCODING);

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
            // what shots cost is not told apart
            if (made.isPresent()
                    && made.get().shots().isEmpty()
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
     * @param shots of the clip
     * @param clip format of the clip
     * @return the sum for all shots; empty if there are no clips to tell by
     */
    Optional<Duration> of(List<PlannedShot> shots, VideoFormat clip) {
        if (past.isEmpty()) {
            return Optional.empty();
        }
        List<Past> alike =
                past.stream().filter(each -> isAlike(each, shots, clip)).toList();
        if (!alike.isEmpty()) {
            return duration(median(alike, TimeEstimate::time));
        }
        double sampled = shots.stream()
                .mapToDouble(shot -> sampled(shot.plan(), shot.generated()))
                .sum();
        return duration(median(past, each -> time(each, LOADING))
                + shots.size() * median(past, each -> time(each, PROMPT))
                + sampled * median(past, each -> time(each, SAMPLING) / each.sampled())
                + pixels(clip)
                        * median(
                                past,
                                each -> (time(each, DECODING) + time(each, ENCODING))
                                        / pixels(each.metadata().format())));
    }

    private static boolean isAlike(Past other, List<PlannedShot> shots, VideoFormat clip) {
        return shots.size() == 1
                && other.metadata().format().equals(clip)
                && other.metadata().generated().equals(shots.get(0).generated())
                && other.sampled() == sampled(shots.get(0).plan(), shots.get(0).generated());
    }

    private static Optional<Duration> duration(double seconds) {
        return Optional.of(Duration.ofMillis(Math.round(1000 * seconds)));
    }

    /** For how long a clip kept the device busy, in seconds. */
    private static double time(Past clip) {
        return DEVICE.stream().mapToDouble(stage -> time(clip, stage)).sum();
    }

    private static double time(Past clip, String stage) {
        Map<String, Duration> timings = clip.metadata().timings();
        return timings.getOrDefault(stage, Duration.ZERO).toNanos() / NANOS;
    }

    private static double pixels(VideoFormat format) {
        return (double) format.frameCount() * format.width() * format.height();
    }

    private static double median(List<Past> clips, ToDoubleFunction<Past> value) {
        double[] sorted = clips.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
