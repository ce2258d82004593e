package org.patchreel.runtime.family.wan.names;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates the names under which Wan's authors released their tensors into those of diffusers and transformers. Each
 * method takes all names of a component and gives the new names of those that differ: nothing for a component that
 * already has the names of diffusers.
 *
 * @see <a href="https://github.com/Wan-Video/Wan2.1">the original release</a>
 */
public final class OriginalNames {
    /** A part of a name, as dot-separated whole segments, and what stands in its place. */
    private record Rule(Pattern part, String replacement) {
        static Rule of(String part, String replacement) {
            return new Rule(Pattern.compile("(?<=^|\\.)" + Pattern.quote(part) + "(?=\\.|$)"), replacement);
        }

        /** {@return the same for names whose dots became underscores} */
        Rule underscored() {
            return new Rule(
                    Pattern.compile(part.pattern().replace("\\.", "_").replace('.', '_')),
                    replacement.replace('.', '_'));
        }
    }

    /** The first match only is applied, so that the swap of norm2 and norm3 needs no third name. */
    private static final List<Rule> TRANSFORMER = List.of(
            Rule.of("time_embedding.0", "condition_embedder.time_embedder.linear_1"),
            Rule.of("time_embedding.2", "condition_embedder.time_embedder.linear_2"),
            Rule.of("time_projection.1", "condition_embedder.time_proj"),
            Rule.of("text_embedding.0", "condition_embedder.text_embedder.linear_1"),
            Rule.of("text_embedding.2", "condition_embedder.text_embedder.linear_2"),
            Rule.of("img_emb.emb_pos", "condition_embedder.image_embedder.pos_embed"),
            Rule.of("img_emb.proj.0", "condition_embedder.image_embedder.norm1"),
            Rule.of("img_emb.proj.1", "condition_embedder.image_embedder.ff.net.0.proj"),
            Rule.of("img_emb.proj.3", "condition_embedder.image_embedder.ff.net.2"),
            Rule.of("img_emb.proj.4", "condition_embedder.image_embedder.norm2"),
            Rule.of("before_proj", "proj_in"),
            Rule.of("after_proj", "proj_out"),
            Rule.of("head.modulation", "scale_shift_table"),
            Rule.of("head.head", "proj_out"),
            Rule.of("modulation", "scale_shift_table"),
            Rule.of("norm2", "norm3"),
            Rule.of("norm3", "norm2"),
            Rule.of("ffn.0", "ffn.net.0.proj"),
            Rule.of("ffn.2", "ffn.net.2"),
            Rule.of("cross_attn.k_img", "attn2.add_k_proj"),
            Rule.of("cross_attn.v_img", "attn2.add_v_proj"),
            Rule.of("cross_attn.norm_k_img", "attn2.norm_added_k"),
            Rule.of("self_attn.q", "attn1.to_q"),
            Rule.of("self_attn.k", "attn1.to_k"),
            Rule.of("self_attn.v", "attn1.to_v"),
            Rule.of("self_attn.o", "attn1.to_out.0"),
            Rule.of("self_attn", "attn1"),
            Rule.of("cross_attn.q", "attn2.to_q"),
            Rule.of("cross_attn.k", "attn2.to_k"),
            Rule.of("cross_attn.v", "attn2.to_v"),
            Rule.of("cross_attn.o", "attn2.to_out.0"),
            Rule.of("cross_attn", "attn2"));

    private static final List<Rule> UNDERSCORED_TRANSFORMER =
            TRANSFORMER.stream().map(Rule::underscored).toList();

    /** Within a residual block of the autoencoder; the numbers are places in a PyTorch Sequential. */
    private static final List<Rule> RESIDUAL_BLOCK = List.of(
            Rule.of("residual.0", "norm1"),
            Rule.of("residual.2", "conv1"),
            Rule.of("residual.3", "norm2"),
            Rule.of("residual.6", "conv2"),
            Rule.of("shortcut", "conv_shortcut"));

    private static final List<Rule> VAE = List.of(
            Rule.of("middle.0", "mid_block.resnets.0"),
            Rule.of("middle.1", "mid_block.attentions.0"),
            Rule.of("middle.2", "mid_block.resnets.1"),
            Rule.of("head.0", "norm_out"),
            Rule.of("head.2", "conv_out"),
            Rule.of("encoder.conv1", "encoder.conv_in"),
            Rule.of("decoder.conv1", "decoder.conv_in"));

    /** 2.2: levels of blocks. */
    private static final Pattern NESTED = Pattern.compile(
            "(?<side>encoder|decoder)\\.(?<way>down|up)samples\\.(?<level>\\d+)\\.\\k<way>samples\\.(?<block>\\d+)\\.(?<rest>.+)");

    /** 2.1: blocks of all levels in one row. */
    private static final Pattern FLAT =
            Pattern.compile("(?<side>encoder|decoder)\\.(?<way>down|up)samples\\.(?<block>\\d{1,6})\\.(?<rest>\\D.*)");

    private OriginalNames() {}

    /** What programs put before all names of a transformer when they save it with others or alone. */
    private static final List<String> TRANSFORMER_PREFIXES =
            List.of("model.diffusion_model.", "diffusion_model.", "net.");

    /** Names of the diffusion transformer, with or without the image branch, with or without a prefix. */
    public static Map<String, String> transformer(Set<String> found) {
        String prefix = TRANSFORMER_PREFIXES.stream()
                .filter(start -> !found.isEmpty() && found.stream().allMatch(name -> name.startsWith(start)))
                .findFirst()
                .orElse("");
        boolean original = found.stream().anyMatch(name -> name.contains(".self_attn."));
        Map<String, String> renamed = new LinkedHashMap<>();
        if (original || !prefix.isEmpty()) {
            found.forEach(name -> {
                String bare = name.substring(prefix.length());
                renamed.put(name, original ? applyFirst(TRANSFORMER, bare) : bare);
            });
        }
        return renamed;
    }

    /** {@return the name in diffusers of a tensor or module of the authors' transformer, for example {@code blocks.0.self_attn.q}} */
    public static String transformerModule(String original) {
        return applyFirst(TRANSFORMER, original);
    }

    /** {@return the same where dots are underscores, before and after, as kohya's LoRA files have names} */
    public static String underscoredTransformerModule(String original) {
        return applyFirst(UNDERSCORED_TRANSFORMER, original);
    }

    /** Names of the autoencoder, 2.1 or 2.2. */
    public static Map<String, String> vae(Set<String> found) {
        boolean original = found.contains("encoder.conv1.weight") || found.contains("decoder.conv1.weight");
        Map<String, String> renamed = new LinkedHashMap<>();
        if (original) {
            NavigableSet<Integer> upsamplers = flatUpsamplers(found);
            found.forEach(name -> renamed.put(name, vaeName(name, upsamplers)));
        }
        return renamed;
    }

    /** The text encoder as its authors saved it. */
    private static final List<Rule> TEXT_ENCODER = List.of(
            Rule.of("attn", "layer.0.SelfAttention"),
            Rule.of("norm1", "layer.0.layer_norm"),
            Rule.of("norm2", "layer.1.layer_norm"),
            Rule.of("ffn.gate.0", "layer.1.DenseReluDense.wi_0"),
            Rule.of("ffn.fc1", "layer.1.DenseReluDense.wi_1"),
            Rule.of("ffn.fc2", "layer.1.DenseReluDense.wo"),
            Rule.of("pos_embedding.embedding", "layer.0.SelfAttention.relative_attention_bias"));

    /** As llama.cpp writes it into GGUF files. */
    private static final List<Rule> TEXT_ENCODER_GGUF = List.of(
            Rule.of("attn_q", "layer.0.SelfAttention.q"),
            Rule.of("attn_k", "layer.0.SelfAttention.k"),
            Rule.of("attn_v", "layer.0.SelfAttention.v"),
            Rule.of("attn_o", "layer.0.SelfAttention.o"),
            Rule.of("attn_rel_b", "layer.0.SelfAttention.relative_attention_bias"),
            Rule.of("attn_norm", "layer.0.layer_norm"),
            Rule.of("ffn_gate", "layer.1.DenseReluDense.wi_0"),
            Rule.of("ffn_up", "layer.1.DenseReluDense.wi_1"),
            Rule.of("ffn_down", "layer.1.DenseReluDense.wo"),
            Rule.of("ffn_norm", "layer.1.layer_norm"));

    /**
     * Names of the text encoder: as its authors or llama.cpp saved it, or as in transformers, where the embedding, which it
     * shares with a decoder, may be there as the encoder's alone.
     */
    public static Map<String, String> textEncoder(Set<String> found) {
        if (found.contains("token_embedding.weight")) {
            return textEncoder(found, "token_embedding.weight", "blocks.", "norm.weight", TEXT_ENCODER);
        }
        if (found.contains("token_embd.weight")) {
            return textEncoder(found, "token_embd.weight", "enc.blk.", "enc.output_norm.weight", TEXT_ENCODER_GGUF);
        }
        return found.contains("shared.weight") ? Map.of() : Map.of("encoder.embed_tokens.weight", "shared.weight");
    }

    private static Map<String, String> textEncoder(
            Set<String> found, String embedding, String blocks, String norm, List<Rule> rules) {
        Map<String, String> renamed = new LinkedHashMap<>();
        for (String name : found) {
            if (name.startsWith(blocks)) {
                renamed.put(name, "encoder.block." + applyFirst(rules, name.substring(blocks.length())));
            }
        }
        renamed.put(embedding, "shared.weight");
        renamed.put(norm, "encoder.final_layer_norm.weight");
        return renamed;
    }

    private static String vaeName(String name, NavigableSet<Integer> upsamplers) {
        Matcher nested = NESTED.matcher(name);
        if (nested.matches()) {
            String level = nested.group("side") + "." + nested.group("way") + "_blocks." + nested.group("level") + ".";
            String rest = nested.group("rest");
            return isResampler(rest)
                    ? level + nested.group("way") + "sampler." + rest
                    : level + "resnets." + nested.group("block") + "." + applyFirst(RESIDUAL_BLOCK, rest);
        }
        Matcher flat = FLAT.matcher(name);
        if (flat.matches()) {
            return flatName(flat, upsamplers);
        }
        if (name.startsWith("conv1.")) {
            return "quant_" + name.replace("conv1.", "conv.");
        }
        if (name.startsWith("conv2.")) {
            return "post_quant_" + name.replace("conv2.", "conv.");
        }
        return applyFirst(RESIDUAL_BLOCK, applyFirst(VAE, name));
    }

    /** diffusers keeps the encoder's row and groups the decoder's by level: each ends with its upsampler. */
    private static String flatName(Matcher flat, NavigableSet<Integer> upsamplers) {
        String rest = applyFirst(RESIDUAL_BLOCK, flat.group("rest"));
        int block = Integer.parseInt(flat.group("block"));
        if (flat.group("way").equals("down")) {
            return flat.group("side") + ".down_blocks." + block + "." + rest;
        }
        NavigableSet<Integer> before = upsamplers.headSet(block, false);
        int start = before.isEmpty() ? 0 : before.last() + 1;
        String level = flat.group("side") + ".up_blocks." + before.size() + ".";
        return level + (isResampler(rest) ? "upsamplers.0." : "resnets." + (block - start) + ".") + rest;
    }

    private static NavigableSet<Integer> flatUpsamplers(Set<String> found) {
        NavigableSet<Integer> blocks = new TreeSet<>();
        for (String name : found) {
            Matcher flat = FLAT.matcher(name);
            if (flat.matches() && flat.group("way").equals("up") && isResampler(flat.group("rest"))) {
                blocks.add(Integer.parseInt(flat.group("block")));
            }
        }
        return blocks;
    }

    private static boolean isResampler(String rest) {
        return rest.startsWith("resample.") || rest.startsWith("time_conv.");
    }

    private static String applyFirst(List<Rule> rules, String name) {
        for (Rule rule : rules) {
            Matcher matcher = rule.part.matcher(name);
            if (matcher.find()) {
                return matcher.replaceFirst(rule.replacement);
            }
        }
        return name;
    }
}
