package org.patchreel.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a request would lead to.
 *
 * @param model name of the model that makes the clip
 * @param generated size and rate in which the model makes the frames, and how many
 * @param clip size, length and rate of the clip
 * @param shots of the clip, in their order
 * @param estimate for how long it keeps the device busy, by clips that this model has made on this device before; empty if there
 *     are none
 * @param cost of that time; empty if there is no estimate or the installation has no price
 */
public record PlannedClip(
        String model,
        VideoFormat generated,
        VideoFormat clip,
        List<PlannedShot> shots,
        Optional<Duration> estimate,
        Optional<AssetMetadata.Cost> cost) {

    private static final double MILLIS = 1000;

    /**
     * A shot.
     *
     * @param generated size, length and rate in which the model makes its frames
     * @param frames of the clip that are made of them, those that are mixed with frames of other shots among them
     * @param opening how the shot before passes into it; a cut for the first one
     * @param sampling steps and guidance; the seed follows from the request's, or from one that was drawn for this answer alone
     * @param plan how the model makes the frames
     */
    public record PlannedShot(
            VideoFormat generated, int frames, Transition opening, SamplingParameters sampling, SamplingPlan plan) {}

    /**
     * Checks that there is a shot.
     *
     * @throws IllegalArgumentException if there is none
     * @throws NullPointerException if a value is null; the message is its name
     */
    public PlannedClip {
        shots = List.copyOf(Objects.requireNonNull(shots, "shots"));
        Objects.requireNonNull(estimate, "estimate");
        Objects.requireNonNull(cost, "cost");
        if (shots.isEmpty()) {
            throw new IllegalArgumentException("a clip has at least one shot");
        }
    }

    /**
     * For JSON: what there is of the only shot also stands beside the clip.
     *
     * @return texts, numbers, lists and maps of them by their names
     */
    public Map<String, Object> values() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("clip", values(clip));
        json.put("generated", values(generated));
        if (shots.size() == 1) {
            put(json, shots.get(0));
        }
        json.put("shots", shots.stream().map(this::values).toList());
        estimate.ifPresent(time -> json.put("estimatedSeconds", time.toMillis() / MILLIS));
        cost.ifPresent(price -> {
            json.put("cost", price.amount());
            json.put("currency", price.currency());
        });
        return json;
    }

    private Map<String, Object> values(PlannedShot shot) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("opening", shot.opening().label());
        json.put("frames", shot.frames());
        json.put("seconds", clip.frameRate().seconds(shot.frames()));
        json.put("generated", values(shot.generated()));
        put(json, shot);
        return json;
    }

    private static void put(Map<String, Object> json, PlannedShot shot) {
        SamplingPlan plan = shot.plan();
        json.put("method", plan.method().label());
        json.put("windows", plan.windows());
        json.put("windowFrames", plan.windowFrames());
        json.put("overlapFrames", plan.overlapFrames());
        json.put("steps", plan.steps());
        json.put("seed", shot.sampling().seed());
        json.put("requestedSteps", shot.sampling().steps());
        json.put("guidanceScale", shot.sampling().guidanceScale());
        Denoising denoising = shot.sampling().denoising();
        denoising.stepCache().ifPresent(cache -> json.put("stepCache", cache.label()));
        denoising.guidanceMode().ifPresent(mode -> json.put("guidanceMode", mode.label()));
        json.put("passes", plan.passes());
    }

    private static Map<String, Object> values(VideoFormat format) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("width", format.width());
        json.put("height", format.height());
        json.put("frames", format.frameCount());
        json.put("frameRate", format.frameRate().decimal());
        json.put("seconds", format.seconds());
        return json;
    }
}
