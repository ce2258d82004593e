package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.spi.Metric;
import org.patchreel.spi.Metric.Label;
import org.patchreel.spi.MetricSource;

/** What became of all clips that were stored since the bundle was started, those of workers included. Safe for use from any thread. */
@Component(service = {ClipStatistics.class, MetricSource.class})
public final class ClipStatistics implements MetricSource {

    private static final double NANOS = 1e9;

    /** Of the publication; the others make the frames. */
    private static final Set<String> AFTER_THE_FRAMES =
            EnumSet.of(Stage.SIGNING, Stage.STORING).stream().map(Stage::label).collect(Collectors.toSet());

    private static final Label STAGES = new Label(
            "stage",
            Stream.of(Stage.values())
                    .flatMap(stage -> stage == Stage.DECODING
                            ? Stream.of(stage.label(), StageTimer.ENCODING)
                            : Stream.of(stage.label()))
                    .toList());

    private final Map<String, Long> runs = new HashMap<>();
    private final Map<String, Duration> spent = new HashMap<>();
    private long clips;
    private long frames;
    private double framesPerSecond;

    /** Creates one that knows of no clip. */
    @Activate
    public ClipStatistics() {}

    synchronized void add(AssetMetadata clip) {
        clips++;
        frames += clip.format().frameCount();
        double making = 0;
        for (String stage : STAGES.values()) {
            // a worker may have measured them
            Duration time = clip.timings().get(stage);
            if (time != null && !time.isNegative()) {
                runs.merge(stage, 1L, Long::sum);
                spent.merge(stage, time, Duration::plus);
                making += AFTER_THE_FRAMES.contains(stage) ? 0 : seconds(time);
            }
        }
        if (making > 0) {
            framesPerSecond = clip.format().frameCount() / making;
        }
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS;
    }

    @Override
    public String subject() {
        return "Clips";
    }

    @Override
    public List<Metric> metrics() {
        String which = ", of all clips stored since the bundle was started";
        return List.of(
                Metric.counter("clips", "clips", "Clips stored since the bundle was started", this::clips),
                Metric.counter("frames", "frames", "Frames" + which, this::frames),
                Metric.gauge(
                        "clip_frames_per_second",
                        "frames per second",
                        "Frames of the clip stored last by the time that making them took, without signing and storing",
                        this::framesPerSecond),
                Metric.counter(
                        "stage_seconds", "seconds", "Time that each stage took" + which, STAGES, this::stageSeconds),
                Metric.counter(
                        "stage_runs", "clips", "Clips that each stage was run for" + which, STAGES, this::stageRuns));
    }

    private synchronized double clips() {
        return clips;
    }

    private synchronized double frames() {
        return frames;
    }

    private synchronized double framesPerSecond() {
        return framesPerSecond;
    }

    private synchronized Map<String, Double> stageSeconds() {
        return spent.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> seconds(each.getValue())));
    }

    private synchronized Map<String, Long> stageRuns() {
        return Map.copyOf(runs);
    }
}
