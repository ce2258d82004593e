package org.patchreel.runtime.family.wan.vae;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;

/**
 * Dimensions of a Wan autoencoder, as its {@code config.json} gives them; what is absent there has the value of the 2.1
 * release.
 *
 * @param baseDim channels of the encoder's first level
 * @param decoderBaseDim channels of the decoder's last level
 * @param zDim channels of the latents
 * @param dimMult channels of each level, in multiples of the base
 * @param numResBlocks residual blocks of each level of the encoder; the decoder has one more
 * @param temporalDownsample whether the step from each level to the next also halves the frames; one less than levels
 * @param latentsMean mean of each latent channel
 * @param latentsStd standard deviation of each latent channel; positive
 * @param isResidual the layout of the 2.2 release: parameterless shortcuts around each level
 * @param inChannels of the encoder's input: 3·patchSize²
 * @param outChannels of the decoder's output: 3·patchSize²
 * @param patchSize pixels that are folded into channels along each side; 1 for none
 * @param scaleFactorTemporal frames for one latent frame
 * @param scaleFactorSpatial pixels for one latent pixel, along each side
 */
public record VaeConfig(
        int baseDim,
        int decoderBaseDim,
        int zDim,
        List<Integer> dimMult,
        int numResBlocks,
        List<Boolean> temporalDownsample,
        List<Double> latentsMean,
        List<Double> latentsStd,
        boolean isResidual,
        int inChannels,
        int outChannels,
        int patchSize,
        int scaleFactorTemporal,
        int scaleFactorSpatial) {
    private static final int MAX_CHANNELS = 1 << 14;
    private static final int MAX_LEVELS = 8;

    // Statistics of the 2.1 release's latents.
    private static final List<Double> MEAN = List.of(
            -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508, 0.4134, -0.0715, 0.5517, -0.3632,
            -0.1922, -0.9497, 0.2503, -0.2921);
    private static final List<Double> STD = List.of(
            2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743, 3.2687, 2.1526, 2.8652, 1.5579, 1.6382,
            1.1253, 2.8251, 1.9160);

    /** Reads and checks {@code config.json}. */
    public static VaeConfig read(Path componentDirectory) throws IOException {
        ConfigFile config = ConfigFile.ofWeights(componentDirectory.resolve("config.json"));
        config.className("AutoencoderKLWan");
        if (!config.numbers("attn_scales", List.of(), 0, Double.MAX_VALUE).isEmpty()) {
            throw config.refused("attn_scales", "expected none: attention between levels is not supported");
        }
        int baseDim = config.integer("base_dim", 96, 1, MAX_CHANNELS);
        VaeConfig vae = new VaeConfig(
                baseDim,
                config.integer("decoder_base_dim", baseDim, 1, MAX_CHANNELS),
                config.integer("z_dim", 16, 1, MAX_CHANNELS),
                config.integers("dim_mult", List.of(1, 2, 4, 4), 1, 64),
                config.integer("num_res_blocks", 2, 1, 64),
                config.flags("temperal_downsample", List.of(false, true, true)), // the key is misspelt in the format
                config.numbers("latents_mean", MEAN, -1e6, 1e6),
                config.numbers("latents_std", STD, 1e-6, 1e6),
                config.flag("is_residual", false),
                config.integer("in_channels", 3, 1, MAX_CHANNELS),
                config.integer("out_channels", 3, 1, MAX_CHANNELS),
                config.integer("patch_size", 1, 1, 16),
                config.integer("scale_factor_temporal", 4, 1, 1 << MAX_LEVELS),
                config.integer("scale_factor_spatial", 8, 1, 16 << MAX_LEVELS));
        vae.checkConsistency(config);
        return vae;
    }

    private void checkConsistency(ConfigFile config) throws CheckpointException {
        int levels = dimMult.size();
        if (levels < 1 || levels > MAX_LEVELS) {
            throw config.refused("dim_mult", "expected 1 to " + MAX_LEVELS + " numbers");
        }
        if (temporalDownsample.size() != levels - 1) {
            throw config.refused("temperal_downsample", "expected " + (levels - 1) + " values, one less than dim_mult");
        }
        if (latentsMean.size() != zDim) {
            throw config.refused("latents_mean", "expected z_dim = " + zDim + " numbers");
        }
        if (latentsStd.size() != zDim) {
            throw config.refused("latents_std", "expected z_dim = " + zDim + " numbers");
        }
        int folded = 3 * patchSize * patchSize;
        if (inChannels != folded) {
            throw config.refused("in_channels", "expected " + folded + " for patch_size " + patchSize);
        }
        if (outChannels != folded) {
            throw config.refused("out_channels", "expected " + folded + " for patch_size " + patchSize);
        }
        int temporal = 1 << temporalDownsample.stream().filter(halves -> halves).count();
        if (scaleFactorTemporal != temporal) {
            throw config.refused("scale_factor_temporal", "expected " + temporal + " by temperal_downsample");
        }
        int spatial = patchSize << (levels - 1);
        if (scaleFactorSpatial != spatial) {
            throw config.refused("scale_factor_spatial", "expected " + spatial + " by dim_mult and patch_size");
        }
        if (isResidual && !shortcutsFit()) {
            throw config.refused("dim_mult", "which the shortcuts of is_residual cannot bridge");
        }
    }

    /** The shortcuts average or repeat whole groups of channels: the elements must divide evenly. */
    private boolean shortcutsFit() {
        for (int level = 0; level < dimMult.size(); level++) {
            boolean last = level == dimMult.size() - 1;
            int factor = last ? 1 : temporalDownsample.get(level) ? 8 : 4;
            int before = level == 0 ? 1 : dimMult.get(level - 1);
            if (before * factor % dimMult.get(level) != 0) {
                return false;
            }
        }
        for (int level = dimMult.size() - 1; level > 0; level--) {
            int factor = temporalDownsample.get(level - 1) ? 8 : 4;
            int above = dimMult.get(Math.min(level + 1, dimMult.size() - 1));
            if (dimMult.get(level) * factor % above != 0) {
                return false;
            }
        }
        return true;
    }

    /** Names and shapes of all tensors, named as in diffusers. */
    public Map<String, List<Long>> expectedTensors() {
        return new VaeTensors(this).shapes();
    }

    /** Names and shapes of the tensors that weights with these names should have: those of a decoder alone will do. */
    public Map<String, List<Long>> expectedTensors(Set<String> names) {
        Map<String, List<Long>> expected = new LinkedHashMap<>(expectedTensors());
        if (!hasEncoder(names)) {
            expected.keySet().removeIf(VaeConfig::isOfEncoder);
        }
        return expected;
    }

    /** Whether weights with these names can encode pictures, which text-to-video does not need. */
    public static boolean hasEncoder(Set<String> names) {
        return names.stream().anyMatch(VaeConfig::isOfEncoder);
    }

    private static boolean isOfEncoder(String name) {
        return name.startsWith("encoder.") || name.startsWith("quant_conv.");
    }
}
