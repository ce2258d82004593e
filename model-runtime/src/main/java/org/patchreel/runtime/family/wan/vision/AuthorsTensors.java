package org.patchreel.runtime.family.wan.vision;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.weights.TensorCuts.Piece;

/**
 * The image encoder as Wan's authors released it, {@code models_clip_open-clip-xlm-roberta-large-vit-huge-14.pth}: queries, keys
 * and values are one tensor, embeddings have sides of one element, and there is a text tower, which is not used.
 *
 * @see <a href="https://github.com/Wan-Video/Wan2.1/blob/main/wan/modules/clip.py">the authors' network</a>
 */
final class AuthorsTensors {
    private static final String VISUAL = "visual.";
    private static final Pattern LAYER = Pattern.compile("visual\\.transformer\\.(\\d{1,4})\\.(.+)\\.(weight|bias)");

    private static final Map<String, String> OF_LAYER = Map.of(
            "attn.proj", "self_attn.out_proj",
            "mlp.0", "mlp.fc1",
            "mlp.2", "mlp.fc2",
            "norm1", "layer_norm1",
            "norm2", "layer_norm2");

    private static final Map<String, String> OTHERS = Map.of(
            "visual.patch_embedding.weight", "embeddings.patch_embedding.weight",
            "visual.pre_norm.weight", "pre_layrnorm.weight",
            "visual.pre_norm.bias", "pre_layrnorm.bias");

    private AuthorsTensors() {}

    /** {@return what becomes of a tensor: those with other names than the authors' stay as they are} */
    static List<Piece> cut(String name, List<Long> shape) {
        if (name.startsWith("textual.")
                || name.equals("log_scale")
                || name.equals("visual.head")
                || name.startsWith("visual.post_norm.")) {
            return List.of();
        }
        if (!name.startsWith(VISUAL)) {
            return whole(name, shape);
        }
        if (name.equals("visual.cls_embedding") && shape.size() == 3) {
            return whole("embeddings.class_embedding", shape.subList(2, 3));
        }
        if (name.equals("visual.pos_embedding") && shape.size() == 3) {
            return whole("embeddings.position_embedding.weight", shape.subList(1, 3));
        }
        @Nullable String other = OTHERS.get(name);
        if (other != null) {
            return whole(other, shape);
        }
        Matcher layer = LAYER.matcher(name);
        if (!layer.matches()) {
            return whole(name, shape);
        }
        String start = "encoder.layers." + layer.group(1) + ".";
        String end = "." + layer.group(3);
        if (layer.group(2).equals("attn.to_qkv") && (shape.size() == 1 || shape.size() == 2) && shape.get(0) % 3 == 0) {
            List<Long> third = shape.size() == 1 ? List.of(shape.get(0) / 3) : List.of(shape.get(0) / 3, shape.get(1));
            return List.of(
                    new Piece(start + "self_attn.q_proj" + end, 0, 3, third),
                    new Piece(start + "self_attn.k_proj" + end, 1, 3, third),
                    new Piece(start + "self_attn.v_proj" + end, 2, 3, third));
        }
        return whole(start + OF_LAYER.getOrDefault(layer.group(2), layer.group(2)) + end, shape);
    }

    private static List<Piece> whole(String name, List<Long> shape) {
        return List.of(new Piece(name, 0, 1, shape));
    }
}
