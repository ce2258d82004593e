package org.patchreel.runtime.family.wan.vae;

import java.util.List;
import java.util.Map;
import org.patchreel.runtime.weights.TensorShapes;

/** Names and shapes of a Wan autoencoder's tensors in the 2.1 and 2.2 layouts, named as in diffusers' AutoencoderKLWan. */
final class VaeTensors {
    private final VaeConfig config;
    private final int levels;
    private final TensorShapes tensors = new TensorShapes();

    VaeTensors(VaeConfig config) {
        this.config = config;
        this.levels = config.dimMult().size();
    }

    Map<String, List<Long>> shapes() {
        encoder();
        pointwise("quant_conv", 2 * config.zDim(), 2 * config.zDim());
        pointwise("post_quant_conv", config.zDim(), config.zDim());
        decoder();
        return tensors.asMap();
    }

    private void encoder() {
        cubic("encoder.conv_in", config.baseDim(), config.inChannels());
        int dim = config.baseDim();
        int flat = 0; // 2.1 numbers residual blocks and downsamplers of all levels in one row
        for (int level = 0; level < levels; level++) {
            int out = config.baseDim() * config.dimMult().get(level);
            String prefix = "encoder.down_blocks." + level + ".";
            for (int i = 0; i < config.numResBlocks(); i++) {
                residualBlock(
                        config.isResidual() ? prefix + "resnets." + i : "encoder.down_blocks." + flat++, out, dim);
                dim = out;
            }
            if (level < levels - 1) {
                String name = config.isResidual() ? prefix + "downsampler" : "encoder.down_blocks." + flat++;
                tensors.convolution(name + ".resample.1", dim, dim, 3, 3);
                if (config.temporalDownsample().get(level)) {
                    tensors.convolution(name + ".time_conv", dim, dim, 3, 1, 1);
                }
            }
        }
        middle("encoder.mid_block.", dim);
        end("encoder.", 2 * config.zDim(), dim);
    }

    private void decoder() {
        int dim = config.decoderBaseDim() * config.dimMult().get(levels - 1);
        cubic("decoder.conv_in", dim, config.zDim());
        middle("decoder.mid_block.", dim);
        for (int i = 0; i < levels; i++) {
            int level = levels - 1 - i;
            int out = config.decoderBaseDim() * config.dimMult().get(level);
            String prefix = "decoder.up_blocks." + i + ".";
            for (int j = 0; j <= config.numResBlocks(); j++) {
                residualBlock(prefix + "resnets." + j, out, dim);
                dim = out;
            }
            if (level > 0) {
                String name = prefix + (config.isResidual() ? "upsampler" : "upsamplers.0");
                int resampled = config.isResidual() ? out : out / 2; // 2.1 halves the channels with each step up
                tensors.convolution(name + ".resample.1", resampled, out, 3, 3);
                if (config.temporalDownsample().get(level - 1)) {
                    tensors.convolution(name + ".time_conv", 2L * out, out, 3, 1, 1);
                }
                dim = resampled;
            }
        }
        end("decoder.", config.outChannels(), dim);
    }

    private void middle(String prefix, int dim) {
        residualBlock(prefix + "resnets.0", dim, dim);
        tensors.add(prefix + "attentions.0.norm.gamma", dim, 1, 1);
        tensors.convolution(prefix + "attentions.0.to_qkv", 3L * dim, dim, 1, 1);
        tensors.convolution(prefix + "attentions.0.proj", dim, dim, 1, 1);
        residualBlock(prefix + "resnets.1", dim, dim);
    }

    private void residualBlock(String name, int out, int in) {
        norm(name + ".norm1", in);
        cubic(name + ".conv1", out, in);
        norm(name + ".norm2", out);
        cubic(name + ".conv2", out, out);
        if (in != out) {
            pointwise(name + ".conv_shortcut", out, in);
        }
    }

    private void end(String prefix, int out, int in) {
        norm(prefix + "norm_out", in);
        cubic(prefix + "conv_out", out, in);
    }

    private void norm(String name, int dim) {
        tensors.add(name + ".gamma", dim, 1, 1, 1);
    }

    private void cubic(String name, int out, int in) {
        tensors.convolution(name, out, in, 3, 3, 3);
    }

    private void pointwise(String name, int out, int in) {
        tensors.convolution(name, out, in, 1, 1, 1);
    }
}
