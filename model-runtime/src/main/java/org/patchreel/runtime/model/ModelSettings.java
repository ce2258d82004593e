package org.patchreel.runtime.model;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.runtime.family.RuntimeOptions;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.sampler.TimestepGrid;
import org.patchreel.runtime.torch.Placement.Precision;
import org.patchreel.spi.ConfigurationValues;

/**
 * What a configuration says of a model.
 *
 * @param name by which requests choose it
 * @param directory of the checkpoint
 * @param ranking the highest is the installation's default
 * @param options how to run it
 * @param adapters folder of LoRAs; empty for that of the installation
 */
record ModelSettings(
        String name, Path directory, int ranking, RuntimeOptions options, Optional<Path> adapters) {
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
                                List.of(Map.entry("fp32", Precision.FP32), Map.entry("bf16", Precision.BF16))),
                        values.option(
                                "timestep.grid",
                                config::timestep_grid,
                                List.of(
                                        Map.entry("current", TimestepGrid.CURRENT),
                                        Map.entry("v0.35", TimestepGrid.V0_35))),
                        values.flag("batched.guidance", config::batched_guidance),
                        tile == 0 ? Optional.empty() : Optional.of(new Tiling(tile, tile * 3 / 4))),
                adapters(values, config, home));
    }

    /** Whether only the ranking differs. */
    boolean isSameModel(ModelSettings other) {
        return name.equals(other.name) && directory.equals(other.directory) && options.equals(other.options)
                && adapters.equals(other.adapters);
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

    private static Optional<Path> adapters(ConfigurationValues values, ConfiguredModel.Config config, String home) {
        String text = config.adapters() == null ? "" : config.adapters().strip();
        return text.isEmpty() ? Optional.empty() : Optional.of(path(values, "adapters", text, home));
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
