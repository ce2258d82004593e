package org.patchreel.broker.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.Adapter;
import org.patchreel.api.CameraMove;
import org.patchreel.api.Denoising;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.SamplingParameters;
import org.patchreel.api.SamplingPlan;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.Guides;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelCapabilities.Ability;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.ModelDefaults;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.ModelLicense;
import org.patchreel.spi.ModelTask;
import org.patchreel.spi.PromptLanguage;

/** Models, tasks and plans as JSON, and back. */
final class ModelText {

    private static final String ADAPTERS = "adapters";
    private static final String EXCLUDES = "licenseExcludes";

    private ModelText() {}

    static void write(ObjectNode json, ModelDescriptor model) {
        json.put("name", model.name())
                .put("source", model.source())
                .put("device", model.device())
                .put("precision", model.precision());
        model.capabilities().ifPresent(capabilities -> write(json.putObject("capabilities"), capabilities));
    }

    static ModelDescriptor descriptor(Fields fields) throws WireException {
        String name = fields.name("name");
        if (!name.matches("[A-Za-z0-9._-]+")) {
            // it stands in the selectors of consumers
            throw new WireException("name of a model has other characters than letters, digits and . _ -: " + name);
        }
        return new ModelDescriptor(
                name,
                fields.text("source"),
                fields.name("device"),
                fields.name("precision"),
                fields.has("capabilities")
                        ? Optional.of(capabilities(fields.object("capabilities")))
                        : Optional.empty());
    }

    private static void write(ObjectNode json, ModelCapabilities model) {
        json.put("family", model.family()).put("weightBytes", model.weightBytes());
        ModelLicense license = model.license();
        license.name().ifPresent(name -> json.put("license", name));
        if (!license.excludedTerritories().isEmpty()) {
            license.excludedTerritories().forEach(json.putArray(EXCLUDES)::add);
        }
        license.acknowledgedBy().ifPresent(who -> json.put("licenseAcknowledgedBy", who));
        json.putObject("grid")
                .put("spatialStride", model.grid().spatialStride())
                .put("temporalStride", model.grid().temporalStride())
                .put("windowFrames", model.grid().windowFrames());
        ModelDefaults defaults = model.defaults();
        write(json.putObject("nativeFormat"), defaults.nativeFormat());
        json.putObject("outputSize")
                .put("width", defaults.outputSize().width())
                .put("height", defaults.outputSize().height());
        json.put("steps", defaults.steps())
                .put("guidanceScale", defaults.guidanceScale())
                .put("negativePrompt", defaults.negativePrompt())
                .put("images", Fields.label(model.imageConditioning()));
        ArrayNode abilities = json.putArray("abilities");
        model.abilities().stream().sorted().map(Fields::label).forEach(abilities::add);
        if (!model.adapters().isEmpty()) {
            model.adapters().forEach(json.putArray(ADAPTERS)::add);
        }
        model.language().vocabulary().ifPresent(vocabulary -> {
            ArrayNode words = json.putArray("words");
            vocabulary.words().stream().sorted().forEach(words::add);
            ObjectNode synonyms = json.putObject("synonyms");
            vocabulary.synonyms().forEach(synonyms::put);
        });
        ObjectNode camera = json.putObject("camera");
        model.language().camera().forEach((move, words) -> camera.put(Fields.label(move), words));
    }

    private static ModelCapabilities capabilities(Fields fields) throws WireException {
        Fields grid = fields.object("grid");
        Fields size = fields.object("outputSize");
        return new ModelCapabilities(
                fields.name("family"),
                fields.number("weightBytes", 0, Long.MAX_VALUE),
                new ModelLicense(
                        fields.optionalText("license"),
                        fields.has(EXCLUDES) ? fields.texts(EXCLUDES) : List.of(),
                        fields.optionalText("licenseAcknowledgedBy")),
                new FrameGrid(
                        grid.integer("spatialStride", 1, Integer.MAX_VALUE),
                        grid.integer("temporalStride", 1, Integer.MAX_VALUE),
                        grid.integer("windowFrames", 1, Integer.MAX_VALUE)),
                new ModelDefaults(
                        format(fields.object("nativeFormat")),
                        new FrameSize(
                                size.integer("width", 1, Integer.MAX_VALUE),
                                size.integer("height", 1, Integer.MAX_VALUE)),
                        fields.integer("steps", 1, 1000),
                        fields.real("guidanceScale"),
                        fields.text("negativePrompt")),
                fields.option("images", ImageConditioning.values()),
                abilities(fields),
                language(fields),
                fields.has(ADAPTERS) ? fields.texts(ADAPTERS) : List.of());
    }

    private static Set<Ability> abilities(Fields fields) throws WireException {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        List<String> labels = fields.texts("abilities");
        for (Ability ability : Ability.values()) {
            if (labels.contains(Fields.label(ability))) {
                abilities.add(ability);
            }
        }
        return abilities;
    }

    private static PromptLanguage language(Fields fields) throws WireException {
        Optional<ClosedVocabulary> vocabulary = Optional.empty();
        if (fields.has("words")) {
            Map<String, String> synonyms = new LinkedHashMap<>();
            Fields each = fields.object("synonyms");
            for (String phrase : fields.keys("synonyms")) {
                synonyms.put(phrase, each.text(phrase));
            }
            vocabulary = Optional.of(new ClosedVocabulary(new HashSet<>(fields.texts("words")), synonyms));
        }
        Map<CameraMove, String> camera = new EnumMap<>(CameraMove.class);
        Fields words = fields.object("camera");
        for (CameraMove move : CameraMove.values()) {
            if (words.has(Fields.label(move))) {
                camera.put(move, words.text(Fields.label(move)));
            }
        }
        return new PromptLanguage(vocabulary, camera);
    }

    /** Which files the weights are is left out: the worker's clips say it, and large models have many. */
    static void write(ObjectNode json, ModelHealth health) {
        json.put("status", Fields.label(health.status()))
                .put("device", health.device())
                .put("nativeBytes", health.nativeBytes());
        health.engine().ifPresent(engine -> json.put("engine", engine));
        health.lastError().ifPresent(error -> json.put("lastError", error));
        health.notes().forEach(json.putArray("notes")::add);
    }

    static ModelHealth health(Fields fields) throws WireException {
        return new ModelHealth(
                fields.option("status", ModelHealth.Status.values()),
                fields.name("device"),
                fields.optionalText("engine"),
                Optional.empty(),
                fields.number("nativeBytes", 0, Long.MAX_VALUE),
                fields.optionalText("lastError"),
                fields.texts("notes"));
    }

    static void write(ObjectNode json, VideoFormat format) {
        json.put("width", format.width())
                .put("height", format.height())
                .put("frames", format.frameCount())
                .put(
                        "frameRate",
                        format.frameRate().numerator() + "/"
                                + format.frameRate().denominator());
    }

    static VideoFormat format(Fields fields) throws WireException {
        return new VideoFormat(
                fields.integer("width", 1, Integer.MAX_VALUE),
                fields.integer("height", 1, Integer.MAX_VALUE),
                fields.integer("frames", 1, Integer.MAX_VALUE),
                FrameRate.parse("frameRate", fields.text("frameRate")));
    }

    /** Without frames: what a plan depends on is the format and the sampling. */
    static void write(ObjectNode json, ModelTask task) {
        json.put("prompt", task.prompt()).put("negativePrompt", task.negativePrompt());
        write(json.putObject("format"), task.format());
        json.put("seed", task.sampling().seed())
                .put("steps", task.sampling().steps())
                .put("guidanceScale", task.sampling().guidanceScale())
                .put("loop", task.loop());
        Denoising denoising = task.sampling().denoising();
        denoising.stepCache().ifPresent(cache -> json.put("stepCache", cache.label()));
        denoising.guidanceMode().ifPresent(mode -> json.put("guidanceMode", mode.label()));
        if (!task.adapters().isEmpty()) {
            task.adapters().stream().map(Adapter::toString).forEach(json.putArray(ADAPTERS)::add);
        }
    }

    static ModelTask task(Fields fields) throws WireException {
        return new ModelTask(
                fields.text("prompt"),
                fields.text("negativePrompt"),
                format(fields.object("format")),
                new SamplingParameters(
                        fields.number("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                        fields.integer("steps", 1, 1000),
                        fields.real("guidanceScale"),
                        denoising(fields)),
                List.of(),
                Optional.empty(),
                fields.flag("loop"),
                Guides.NONE,
                adapters(fields));
    }

    private static Denoising denoising(Fields fields) throws WireException {
        Optional<String> cache = fields.has("stepCache") ? Optional.of(fields.text("stepCache")) : Optional.empty();
        Optional<String> mode =
                fields.has("guidanceMode") ? Optional.of(fields.text("guidanceMode")) : Optional.empty();
        try {
            return Denoising.parse(cache, mode);
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }

    private static List<Adapter> adapters(Fields fields) throws WireException {
        if (!fields.has(ADAPTERS)) {
            return List.of();
        }
        try {
            List<Adapter> adapters = new ArrayList<>();
            for (String each : fields.texts(ADAPTERS)) {
                adapters.add(Adapter.parse(ADAPTERS, each));
            }
            return Adapter.checked(adapters);
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }

    static void write(ObjectNode json, SamplingPlan plan) {
        json.put("method", plan.method().label())
                .put("windows", plan.windows())
                .put("windowFrames", plan.windowFrames())
                .put("overlapFrames", plan.overlapFrames())
                .put("steps", plan.steps())
                .put("passes", plan.passes());
    }

    static SamplingPlan plan(Fields fields) throws WireException {
        return new SamplingPlan(
                fields.option("method", SamplingPlan.Method.values()),
                fields.integer("windows", 1, Integer.MAX_VALUE),
                fields.integer("windowFrames", 1, Integer.MAX_VALUE),
                fields.integer("overlapFrames", 0, Integer.MAX_VALUE),
                fields.integer("steps", 1, Integer.MAX_VALUE),
                fields.integer("passes", 1, Integer.MAX_VALUE));
    }
}
