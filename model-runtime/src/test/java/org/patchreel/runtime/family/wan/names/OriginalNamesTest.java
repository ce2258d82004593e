package org.patchreel.runtime.family.wan.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.weights.WeightFiles;

/**
 * Autoencoder names: the golden file's names are taken back to the original release's by the layout of its modules
 * (nn.Sequential places in wan/modules/vae2_1.py and vae2_2.py), then translated forward.
 */
class OriginalNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"vae_wan21", "vae_wan22"})
    void translatesEveryNameOfTheOriginalAutoencoder(String golden) throws IOException {
        Set<String> names;
        try (WeightFiles weights =
                WeightFiles.open(Golden.root().resolve(golden).resolve("vae"), "diffusion_pytorch_model")) {
            names = weights.names();
        }
        Set<String> original = new HashSet<>();
        names.forEach(name -> original.add(original(name, golden.equals("vae_wan22"))));
        assertEquals(names.size(), original.size());

        Map<String, String> renamed = OriginalNames.vae(original);

        assertEquals(names, new HashSet<>(renamed.values()));
        renamed.forEach((from, to) -> assertEquals(from, original(to, golden.equals("vae_wan22"))));
        assertEquals(Map.of(), OriginalNames.vae(names), "names of diffusers stay");
    }

    @ParameterizedTest
    @CsvSource({
        "conv1.weight,                              quant_conv.weight",
        "conv2.bias,                                post_quant_conv.bias",
        "encoder.conv1.bias,                        encoder.conv_in.bias",
        "decoder.head.0.gamma,                      decoder.norm_out.gamma",
        "decoder.middle.1.to_qkv.weight,            decoder.mid_block.attentions.0.to_qkv.weight",
        "encoder.downsamples.2.resample.1.weight,   encoder.down_blocks.2.resample.1.weight",
        "encoder.downsamples.3.shortcut.bias,       encoder.down_blocks.3.conv_shortcut.bias",
        "decoder.upsamples.3.time_conv.weight,      decoder.up_blocks.0.upsamplers.0.time_conv.weight",
        "decoder.upsamples.3.resample.1.weight,     decoder.up_blocks.0.upsamplers.0.resample.1.weight",
        "decoder.upsamples.4.shortcut.weight,       decoder.up_blocks.1.resnets.0.conv_shortcut.weight",
        "decoder.upsamples.6.residual.6.bias,       decoder.up_blocks.1.resnets.2.conv2.bias",
        "encoder.downsamples.1.downsamples.2.time_conv.bias,   encoder.down_blocks.1.downsampler.time_conv.bias",
        "decoder.upsamples.0.upsamples.3.resample.1.bias,      decoder.up_blocks.0.upsampler.resample.1.bias",
        "decoder.upsamples.2.upsamples.0.shortcut.weight,      decoder.up_blocks.2.resnets.0.conv_shortcut.weight",
        "decoder.upsamples.2.upsamples.1.residual.3.gamma,     decoder.up_blocks.2.resnets.1.norm2.gamma",
    })
    void translatesNamesOfTheOriginalAutoencoder(String original, String expected) {
        Set<String> found =
                new HashSet<>(List.of("encoder.conv1.weight", "decoder.upsamples.3.resample.1.weight", original));
        assertEquals(expected, OriginalNames.vae(found).get(original));
    }

    @Test
    void givesTheEmbeddingOneName() {
        assertEquals(
                Map.of("encoder.embed_tokens.weight", "shared.weight"),
                OriginalNames.textEncoder(Set.of("encoder.embed_tokens.weight", "encoder.final_layer_norm.weight")));
        assertEquals(Map.of(), OriginalNames.textEncoder(Set.of("encoder.embed_tokens.weight", "shared.weight")));
    }

    @ParameterizedTest
    @CsvSource({
        "img_emb.emb_pos,                       condition_embedder.image_embedder.pos_embed",
        "blocks.39.norm3.weight,                blocks.39.norm2.weight",
        "blocks.12.cross_attn.norm_k_img.weight, blocks.12.attn2.norm_added_k.weight",
        "blocks.12.cross_attn.norm_q.weight,    blocks.12.attn2.norm_q.weight",
        "patch_embedding.weight,                patch_embedding.weight",
    })
    void translatesNamesOfTheOriginalTransformer(String original, String expected) {
        assertEquals(
                expected,
                OriginalNames.transformer(new HashSet<>(List.of("blocks.0.self_attn.q.weight", original)))
                        .get(original));
    }

    private static String original(String name, boolean nested) {
        String block = name.replace(".conv_shortcut.", ".shortcut.")
                .replace(".norm1.", ".residual.0.")
                .replace(".conv1.", ".residual.2.")
                .replace(".norm2.", ".residual.3.")
                .replace(".conv2.", ".residual.6.")
                .replace(".mid_block.resnets.0.", ".middle.0.")
                .replace(".mid_block.attentions.0.", ".middle.1.")
                .replace(".mid_block.resnets.1.", ".middle.2.")
                .replace(".norm_out.", ".head.0.")
                .replace(".conv_out.", ".head.2.")
                .replace(".conv_in.", ".conv1.")
                .replaceFirst("^post_quant_conv\\.", "conv2.")
                .replaceFirst("^quant_conv\\.", "conv1.");
        return nested ? nested(block) : flat(block);
    }

    /** Two residual blocks and a resampler in each level of the encoder, three and one in the decoder. */
    private static String nested(String name) {
        return name.replaceFirst("down_blocks\\.(\\d+)\\.resnets\\.", "downsamples.$1.downsamples.")
                .replaceFirst("down_blocks\\.(\\d+)\\.downsampler\\.", "downsamples.$1.downsamples.2.")
                .replaceFirst("up_blocks\\.(\\d+)\\.resnets\\.", "upsamples.$1.upsamples.")
                .replaceFirst("up_blocks\\.(\\d+)\\.upsampler\\.", "upsamples.$1.upsamples.3.");
    }

    /** Four modules in each level of the decoder. */
    private static String flat(String name) {
        Matcher up = Pattern.compile("(.*)up_blocks\\.(\\d)\\.(resnets\\.(\\d)|upsamplers\\.0)\\.(.*)")
                .matcher(name);
        if (up.matches()) {
            int place = up.group(4) == null ? 3 : Integer.parseInt(up.group(4));
            return up.group(1) + "upsamples." + (4 * Integer.parseInt(up.group(2)) + place) + "." + up.group(5);
        }
        return name.replace("down_blocks", "downsamples");
    }
}
