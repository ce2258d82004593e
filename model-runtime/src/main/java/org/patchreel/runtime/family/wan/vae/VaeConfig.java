package org.patchreel.runtime.family.wan.vae;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.runtime.family.wan.names.OriginalNames;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ComponentFiles;
import org.patchreel.runtime.weights.ConfigFile;
import org.patchreel.runtime.weights.TensorSides;
import org.patchreel.runtime.weights.WeightFiles;

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

    /** Files of weights hold no statistics of latents: these are of the authors' code. */
    private static final VaeConfig WAN_2_1 = new VaeConfig(
            96,
            96,
            16,
            List.of(1, 2, 4, 4),
            2,
            List.of(false, true, true),
            List.of(
                    -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508, 0.4134, -0.0715, 0.5517,
                    -0.3632, -0.1922, -0.9497, 0.2503, -0.2921),
            List.of(
                    2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743, 3.2687, 2.1526, 2.8652, 1.5579,
                    1.6382, 1.1253, 2.8251, 1.9160),
            false,
            3,
            3,
            1,
            4,
            8);

    private static final VaeConfig WAN_2_2 = new VaeConfig(
            160,
            256,
            48,
            List.of(1, 2, 4, 4),
            2,
            List.of(false, true, true),
            List.of(
                    -0.2289, -0.0052, -0.1323, -0.2339, -0.2799, 0.0174, 0.1838, 0.1557, -0.1382, 0.0542, 0.2813,
                    0.0891, 0.1570, -0.0098, 0.0375, -0.1825, -0.2246, -0.1207, -0.0698, 0.5109, 0.2665, -0.2108,
                    -0.2158, 0.2502, -0.2055, -0.0322, 0.1109, 0.1567, -0.0729, 0.0899, -0.2799, -0.1230, -0.0313,
                    -0.1649, 0.0117, 0.0723, -0.2839, -0.2083, -0.0520, 0.3748, 0.0152, 0.1957, 0.1433, -0.2944, 0.3573,
                    -0.0548, -0.1681, -0.0667),
            List.of(
                    0.4765, 1.0364, 0.4514, 1.1677, 0.5313, 0.4990, 0.4818, 0.5013, 0.8158, 1.0344, 0.5894, 1.0901,
                    0.6885, 0.6165, 0.8454, 0.4978, 0.5759, 0.3523, 0.7135, 0.6804, 0.5833, 1.4146, 0.8986, 0.5659,
                    0.7069, 0.5338, 0.4889, 0.4917, 0.4069, 0.4999, 0.6866, 0.4093, 0.5709, 0.6065, 0.6415, 0.4944,
                    0.5726, 1.2042, 0.5458, 1.6887, 0.3971, 1.0600, 0.3943, 0.5537, 0.5444, 0.4089, 0.7468, 0.7744),
            true,
            12,
            12,
            2,
            4,
            16);

    /** Reads {@code config.json}; a single file that has none is that of the release with as many channels. */
    public static VaeConfig of(ComponentFiles component) throws IOException {
        if (!component.unconfigured()) {
            return read(component.folder());
        }
        try (WeightFiles weights =
                WeightFiles.open(component.content(), "diffusion_pytorch_model", OriginalNames::vae)) {
            int channels = new TensorSides(weights).of("decoder.conv_in.weight", 1);
            return Stream.of(WAN_2_1, WAN_2_2)
                    .filter(release -> release.zDim == channels)
                    .findFirst()
                    .orElseThrow(() -> new CheckpointException(component.content()
                            + " needs a config.json: it has " + channels + " latent channels, Wan 2.1 has "
                            + WAN_2_1.zDim + " and Wan 2.2 " + WAN_2_2.zDim));
        }
    }

    /** Reads and checks {@code config.json}. */
    public static VaeConfig read(Path componentDirectory) throws IOException {
        ConfigFile config = ConfigFile.ofWeights(componentDirectory.resolve("config.json"));
        config.className("AutoencoderKLWan");
        if (!config.numbers("attn_scales", List.of(), 0, Double.MAX_VALUE).isEmpty()) {
            throw config.refused("attn_scales", "expected none: attention between levels is not supported");
        }
        int baseDim = config.integer("base_dim", WAN_2_1.baseDim, 1, MAX_CHANNELS);
        VaeConfig vae = new VaeConfig(
                baseDim,
                config.integer("decoder_base_dim", baseDim, 1, MAX_CHANNELS),
                config.integer("z_dim", WAN_2_1.zDim, 1, MAX_CHANNELS),
                config.integers("dim_mult", WAN_2_1.dimMult, 1, 64),
                config.integer("num_res_blocks", WAN_2_1.numResBlocks, 1, 64),
                config.flags("temperal_downsample", WAN_2_1.temporalDownsample), // the key is misspelt in the format
                config.numbers("latents_mean", WAN_2_1.latentsMean, -1e6, 1e6),
                config.numbers("latents_std", WAN_2_1.latentsStd, 1e-6, 1e6),
                config.flag("is_residual", false),
                config.integer("in_channels", 3, 1, MAX_CHANNELS),
                config.integer("out_channels", 3, 1, MAX_CHANNELS),
                config.integer("patch_size", 1, 1, 16),
                config.integer("scale_factor_temporal", WAN_2_1.scaleFactorTemporal, 1, 1 << MAX_LEVELS),
                config.integer("scale_factor_spatial", WAN_2_1.scaleFactorSpatial, 1, 16 << MAX_LEVELS));
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
