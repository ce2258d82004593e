package org.patchreel.spi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.patchreel.api.CameraMove;
import org.patchreel.api.VideoFormat;

/**
 * What a model is and can do, as its files say.
 *
 * @param family the architecture and its kind, for example {@code Wan 2.1, text-to-video}
 * @param weightBytes size of all weight files, in bytes
 * @param license of the weights
 * @param grid the sizes and lengths that it generates
 * @param defaults what a request gets that leaves it open
 * @param imageConditioning whether a first frame is refused, possible or required
 * @param abilities what else it can follow
 * @param language what it understands of a prompt
 * @param adapters names of the LoRAs that requests can choose; whether one fits the model is seen when it is used
 */
public record ModelCapabilities(
        String family,
        long weightBytes,
        ModelLicense license,
        FrameGrid grid,
        ModelDefaults defaults,
        ImageConditioning imageConditioning,
        Set<Ability> abilities,
        PromptLanguage language,
        List<String> adapters) {

    /**
     * A model without adapters; see above.
     *
     * @param family see above
     * @param weightBytes see above
     * @param license see above
     * @param grid see above
     * @param defaults see above
     * @param imageConditioning see above
     * @param abilities see above
     * @param language see above
     */
    public ModelCapabilities(
            String family,
            long weightBytes,
            ModelLicense license,
            FrameGrid grid,
            ModelDefaults defaults,
            ImageConditioning imageConditioning,
            Set<Ability> abilities,
            PromptLanguage language) {
        this(family, weightBytes, license, grid, defaults, imageConditioning, abilities, language, List.of());
    }

    /** Copies the set and the list. */
    public ModelCapabilities {
        abilities = Set.copyOf(abilities);
        adapters = List.copyOf(adapters);
    }

    /**
     * These with adapters.
     *
     * @param names in the place of those that are there
     * @return the same of the model
     */
    public ModelCapabilities withAdapters(List<String> names) {
        return new ModelCapabilities(
                family, weightBytes, license, grid, defaults, imageConditioning, abilities, language, names);
    }

    /**
     * These as named values, which every form of them for programs has: {@code models --json}, and what is answered over HTTP. A value
     * is a {@link String}, a number, a {@link Boolean} or a list of strings.
     *
     * @return the values, in the order in which they are written
     */
    public Map<String, Object> values() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("weightBytes", weightBytes);
        json.put("stride", grid.spatialStride());
        json.put("temporalStride", grid.temporalStride());
        json.put("windowFrames", grid.windowFrames());
        json.put("maxFrames", VideoFormat.MAX_FRAMES);
        json.put("nativeSize", defaults.nativeFormat().size().toString());
        json.put("nativeFrames", defaults.nativeFormat().frameCount());
        json.put("nativeFrameRate", defaults.nativeFormat().frameRate().decimal());
        json.put("defaultSize", defaults.outputSize().toString());
        json.put("defaultSteps", defaults.steps());
        json.put("defaultGuidanceScale", defaults.guidanceScale());
        json.put("needsImage", imageConditioning == ImageConditioning.REQUIRED);
        json.put(
                "abilities",
                abilities.stream()
                        .sorted()
                        .map(ability -> ability.name().toLowerCase(Locale.ROOT))
                        .toList());
        json.put(
                "cameraMoves",
                language.camera().keySet().stream().map(CameraMove::label).toList());
        language.vocabulary().ifPresent(known -> {
            json.put("vocabulary", known.words().stream().sorted().toList());
            json.put("synonyms", new TreeMap<>(known.synonyms()));
        });
        if (!adapters.isEmpty()) {
            json.put("adapters", adapters);
        }
        license.name().ifPresent(text -> json.put("license", text));
        if (!license.excludedTerritories().isEmpty()) {
            json.put("licenseExcludes", license.excludedTerritories());
        }
        return json;
    }

    /** What only some models can follow; see {@link Guides}. */
    public enum Ability {
        /** Pictures of who and what a clip shows. */
        REFERENCES,
        /** A clip whose motion and composition is followed. */
        CONTROL,
        /** A clip of which parts are made anew. */
        INPAINTING
    }

    /** Whether a model starts from an image. */
    public enum ImageConditioning {
        /** Text only. */
        NONE,
        /** Text, or text and a first frame. */
        OPTIONAL,
        /** Text and a first frame. */
        REQUIRED
    }
}
