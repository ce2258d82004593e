package org.patchreel.runtime.adapter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The tensors of a network that files of adapters may change, under the names that such files have for them. */
public final class LoraTargets {

    /** Segments that only the authors' own names have: elsewhere norm2 and norm3 mean what they say. */
    private static final Pattern ORIGINAL = Pattern.compile(
            "(^|[._])(self_attn|cross_attn|ffn[._][02]([._]|$)|t(ime|ext)_embedding|time_projection|head[._]head)");

    private final Map<String, List<Long>> shapes;
    private final Map<String, String> byUnderscores = new HashMap<>();
    private final UnaryOperator<String> dotted;
    private final UnaryOperator<String> underscored;

    /**
     * Lists targets.
     *
     * @param shapes of all tensors, by their names
     * @param dotted translates a name of the authors' release, or a part of one, into those names
     * @param underscored the same for names whose dots became underscores, before and after
     */
    public LoraTargets(
            Map<String, List<Long>> shapes, UnaryOperator<String> dotted, UnaryOperator<String> underscored) {
        this.shapes = Map.copyOf(shapes);
        this.dotted = dotted;
        this.underscored = underscored;
        shapes.keySet().forEach(name -> byUnderscores.put(name.replace('.', '_'), name));
    }

    List<Long> shape(String target) {
        return shapes.getOrDefault(target, List.of());
    }

    /** {@return whether a module has a name of the authors' release} */
    static boolean isOriginal(String module) {
        return ORIGINAL.matcher(module).find();
    }

    /**
     * Finds a target.
     *
     * @param name of a tensor as a file has it, without a prefix
     * @param original whether the file has the authors' names
     * @param underscores whether dots became underscores
     * @return its name among the targets; empty if it is none of them
     */
    Optional<String> find(String name, boolean original, boolean underscores) {
        if (underscores) {
            String flat = name.replace('.', '_');
            return Optional.ofNullable(byUnderscores.get(original ? underscored.apply(flat) : flat));
        }
        return Optional.of(original ? dotted.apply(name) : name).filter(shapes::containsKey);
    }
}
