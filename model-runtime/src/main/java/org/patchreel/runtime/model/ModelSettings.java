package org.patchreel.runtime.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.GuidanceMode;
import org.patchreel.runtime.family.DenoisingOptions;
import org.patchreel.runtime.family.GuidanceOptions;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.SamplingChoice;
import org.patchreel.runtime.family.StepCaching;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.sampler.SchedulerChoice;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.ModelLicense;

/**
 * What a configuration says of a model.
 *
 * @param name by which requests choose it
 * @param directory of the checkpoint
 * @param ranking the highest is the installation's default
 * @param options how to run it
 * @param parts folders or files of components that are not in the checkpoint's, by their keys in its index
 * @param adapters folder of LoRAs; empty for that of the installation
 * @param license what the operator says of it
 */
record ModelSettings(
        String name,
        Path directory,
        int ranking,
        RuntimeOptions options,
        Map<String, Path> parts,
        Optional<Path> adapters,
        ModelLicense license) {
    private static final int TILE_STRIDE = 64;

    /**
     * Reads a configuration.
     *
     * @param home the user's home folder, for {@code ~}
     * @throws org.patchreel.spi.ConfigurationException if a value cannot be used
     */
    static ModelSettings read(ConfigurationValues values, ConfiguredModel.Config config, String home) {
        int tile = values.integer("vae.tile", config::vae_tile, 0, Integer.MAX_VALUE);
        if (tile % TILE_STRIDE != 0) {
            throw values.refused("vae.tile", "expected 0 or a multiple of " + TILE_STRIDE);
        }
        if (config.precision().equals("int8") && config.device().equals("cuda")) {
            throw values.refused("precision", "which is for device = cpu");
        }
        return new ModelSettings(
                name(values, config),
                directory(values, config, home),
                values.integer("service.ranking", config::service_ranking, Integer.MIN_VALUE, Integer.MAX_VALUE),
                new RuntimeOptions(
                        values.option(
                                "device", config::device, List.of(Map.entry("cpu", "cpu"), Map.entry("cuda", "cuda"))),
                        values.option(
                                "precision",
                                config::precision,
                                List.of(
                                        Map.entry("fp32", Precision.FP32),
                                        Map.entry("int8", Precision.INT8),
                                        Map.entry("bf16", Precision.BF16))),
                        values.option(
                                "timestep.grid",
                                config::timestep_grid,
                                List.of(
                                        Map.entry("current", TimestepGrid.CURRENT),
                                        Map.entry("v0.35", TimestepGrid.V0_35))),
                        values.flag("batched.guidance", config::batched_guidance),
                        tile == 0 ? Optional.empty() : Optional.of(new Tiling(tile, tile * 3 / 4)),
                        denoising(values, config),
                        sampling(values, config)),
                parts(values, config, home),
                adapters(values, config, home),
                license(config));
    }

    private static DenoisingOptions denoising(ConfigurationValues values, ConfiguredModel.Config config) {
        int from = values.integer("guidance.from", config::guidance_from, 0, 99);
        return new DenoisingOptions(
                values.option(
                        "step.cache",
                        config::step_cache,
                        List.of(
                                Map.entry("off", StepCaching.OFF),
                                Map.entry("safe", StepCaching.SAFE),
                                Map.entry("fast", StepCaching.FAST))),
                new GuidanceOptions(
                        values.option(
                                "guidance.mode",
                                config::guidance_mode,
                                List.of(
                                        Map.entry("cfg", GuidanceMode.CFG),
                                        Map.entry("cfg-zero-star", GuidanceMode.CFG_ZERO_STAR),
                                        Map.entry("apg", GuidanceMode.APG))),
                        from,
                        values.integer("guidance.until", config::guidance_until, from + 1, 100)));
    }

    /** Whether only the ranking differs. */
    boolean isSameModel(ModelSettings other) {
        return name.equals(other.name)
                && directory.equals(other.directory)
                && options.equals(other.options)
                && parts.equals(other.parts)
                && adapters.equals(other.adapters)
                && license.equals(other.license);
    }

    private static String name(ConfigurationValues values, ConfiguredModel.Config config) {
        if (config.name() == null) {
            throw values.refused("name", "expected the name by which requests choose the model");
        }
        if (!ModelName.isValid(config.name())) {
            throw values.refused("name", "expected " + ModelName.SYNTAX);
        }
        return config.name();
    }

    private static Path directory(ConfigurationValues values, ConfiguredModel.Config config, String home) {
        String text = config.directory() == null ? "" : config.directory().strip();
        if (text.isEmpty()) {
            throw values.refused("directory", "expected the folder that holds model_index.json");
        }
        return path(values, "directory", text, home);
    }

    private static SamplingChoice sampling(ConfigurationValues values, ConfiguredModel.Config config) {
        int steps = values.integer("steps", config::steps, 0, 1000);
        OptionalDouble guidance = number(values, "guidance.scale", config::guidance_scale, 1);
        OptionalDouble shift = number(values, "shift", config::shift, 0.01);
        Optional<SchedulerChoice.Kind> kind = values.option(
                "scheduler",
                config::scheduler,
                List.of(
                        Map.entry("checkpoint", Optional.<SchedulerChoice.Kind>empty()),
                        Map.entry("euler", Optional.of(SchedulerChoice.Kind.EULER)),
                        Map.entry("unipc", Optional.of(SchedulerChoice.Kind.UNIPC))));
        return new SamplingChoice(
                steps == 0 ? OptionalInt.empty() : OptionalInt.of(steps),
                guidance,
                scheduler(values, config, kind, shift));
    }

    /** A number up to 100; 0 says nothing. */
    private static OptionalDouble number(ConfigurationValues values, String key, DoubleSupplier typed, double min) {
        double value;
        try {
            value = typed.getAsDouble();
        } catch (RuntimeException e) {
            value = Double.NaN;
        }
        if (value == 0) {
            return OptionalDouble.empty();
        }
        if (!(value >= min && value <= 100)) {
            throw values.refused(key, "expected 0 or a number from " + min + " to 100");
        }
        return OptionalDouble.of(value);
    }

    private static SchedulerChoice scheduler(
            ConfigurationValues values,
            ConfiguredModel.Config config,
            Optional<SchedulerChoice.Kind> kind,
            OptionalDouble shift) {
        String text = config.timesteps() == null ? "" : config.timesteps().strip();
        try {
            List<Double> timesteps = new ArrayList<>();
            for (String each : text.isEmpty() ? new String[0] : text.split(",", -1)) {
                timesteps.add(Double.valueOf(each.strip()));
            }
            return new SchedulerChoice(kind, shift, timesteps);
        } catch (IllegalArgumentException e) {
            throw values.refused(
                    "timesteps", "expected numbers above 0, at most 1000, each smaller than the one before");
        }
    }

    private static Map<String, Path> parts(ConfigurationValues values, ConfiguredModel.Config config, String home) {
        Map<String, Path> parts = new TreeMap<>();
        part("transformer", "transformer", config.transformer(), values, home, parts);
        part("transformer_2", "transformer.2", config.transformer_2(), values, home, parts);
        part("vae", "vae", config.vae(), values, home, parts);
        part("text_encoder", "text.encoder", config.text_encoder(), values, home, parts);
        part("tokenizer", "tokenizer", config.tokenizer(), values, home, parts);
        return parts;
    }

    private static void part(
            String component,
            String key,
            @Nullable String configured,
            ConfigurationValues values,
            String home,
            Map<String, Path> parts) {
        String text = configured == null ? "" : configured.strip();
        if (!text.isEmpty()) {
            parts.put(component, path(values, key, text, home));
        }
    }

    private static Optional<Path> adapters(ConfigurationValues values, ConfiguredModel.Config config, String home) {
        String text = config.adapters() == null ? "" : config.adapters().strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(path(values, "adapters", text, home));
    }

    private static ModelLicense license(ConfiguredModel.Config config) {
        return new ModelLicense(
                text(config.license()),
                text(config.license_excluded_territories())
                        .map(territories -> List.of(territories.split("[,\\s]+")))
                        .orElse(List.of()),
                text(config.license_acknowledged_by()));
    }

    private static Optional<String> text(@Nullable String configured) {
        return Optional.ofNullable(configured).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Path path(ConfigurationValues values, String key, String text, String home) {
        try {
            if (text.equals("~") || text.startsWith("~/")) {
                return Path.of(home + text.substring(1));
            }
            Path directory = Path.of(text);
            // a file in UTF-8 whose reader takes it for ISO-8859-1, as the format says
            String meant = new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            if (!meant.equals(text) && !Files.exists(directory) && Files.exists(Path.of(meant))) {
                throw values.refused(
                        key,
                        "expected " + meant + " written as " + escaped(meant)
                                + ": files of this kind are read as ISO-8859-1, not as UTF-8");
            }
            return directory;
        } catch (InvalidPathException e) {
            throw values.refused(key, "expected a path: " + e.getReason());
        }
    }

    /** As the format of Java's properties writes characters beyond ASCII. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c < 0x7f ? String.valueOf((char) c) : String.format("\\u%04x", c)));
        return escaped.toString();
    }
}
