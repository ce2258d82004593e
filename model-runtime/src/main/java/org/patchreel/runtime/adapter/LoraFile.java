package org.patchreel.runtime.adapter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.runtime.weights.WeightFiles;
import org.patchreel.runtime.weights.WeightType;

/**
 * A LoRA file, checked against the network that it changes: matrices of PEFT and diffusers ({@code lora_A}, {@code lora_B}), of
 * kohya's and the authors' spelling ({@code lora_down}, {@code lora_up}, {@code alpha}), and whole differences ({@code diff},
 * {@code diff_b}, {@code diff_m}). Only the header and the factors are read here. For one thread at a time.
 *
 * @see <a href="https://github.com/huggingface/peft/blob/main/docs/source/developer_guides/checkpoint.md">PEFT's format</a>
 */
public final class LoraFile implements AutoCloseable {
    private static final List<String> PREFIXES =
            List.of("base_model.model.", "model.diffusion_model.", "diffusion_model.", "transformer.");

    /** Before names whose dots became underscores. */
    private static final String KOHYA = "lora_unet_";

    private static final List<String> DOWN = List.of(
            ".lora_A.default.weight",
            ".lora_A.weight",
            ".lora_down.weight",
            ".lora.down.weight",
            "_lora.down.weight",
            ".lora_A");
    private static final List<String> UP = List.of(
            ".lora_B.default.weight",
            ".lora_B.weight",
            ".lora_up.weight",
            ".lora.up.weight",
            "_lora.up.weight",
            ".lora_B");

    /** Parts of names of other kinds of adapters, which are not read. */
    private static final Map<String, String> OTHER_KINDS = Map.of(
            ".hada_w", "LoHa", ".lokr_w", "LoKr", ".reshape_weight", "a LoRA that reshapes weights", ".oft_", "OFT");

    private static final Set<WeightType> TYPES = Set.of(WeightType.F32, WeightType.F16, WeightType.BF16);

    /** What a tensor is to its module. */
    private enum Role {
        DOWN,
        UP,
        ALPHA,
        DIFFERENCE,
        BIAS_DIFFERENCE,
        MODULATION_DIFFERENCE
    }

    /** A tensor's place. */
    private record Key(String module, boolean underscores, Role role) {}

    private final Path path;
    private final WeightFiles files;
    private final LoraTargets targets;
    private final List<LoraChange> changes = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();

    private LoraFile(Path path, WeightFiles files, LoraTargets targets) {
        this.path = path;
        this.files = files;
        this.targets = targets;
    }

    /**
     * Opens a file.
     *
     * @param path of a safetensors file
     * @param targets that it may change
     * @throws CheckpointException if it is damaged, of another kind, or made for another network; the message names the file,
     *     and the tensor with what it has and what is expected
     * @throws IOException if it cannot be read
     */
    public static LoraFile open(Path path, LoraTargets targets) throws IOException {
        WeightFiles files = WeightFiles.ofFile(path);
        LoraFile lora = new LoraFile(path, files, targets);
        try {
            lora.read();
            return lora;
        } catch (IOException | RuntimeException e) {
            try {
                files.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private void read() throws IOException {
        for (String name : files.names()) {
            for (Map.Entry<String, String> kind : OTHER_KINDS.entrySet()) {
                if (name.contains(kind.getKey())) {
                    throw new CheckpointException(path + " is " + kind.getValue() + ", as the tensor "
                            + CheckpointException.shown(name) + " shows; only LoRA is read");
                }
            }
        }
        Map<String, Map<Role, String>> modules = new TreeMap<>();
        Map<String, Key> keys = new LinkedHashMap<>();
        boolean original = false;
        for (String name : files.names()) {
            @Nullable Key key = key(name);
            if (key == null) {
                foreign.add(name);
                continue;
            }
            keys.put(name, key);
            original |= LoraTargets.isOriginal(key.module);
        }
        LoraScale scale = LoraScale.of(files.metadata(), path.toString());
        for (Map.Entry<String, Key> entry : keys.entrySet()) {
            Key key = entry.getValue();
            Optional<String> target = target(key, original);
            if (target.isEmpty()) {
                foreign.add(entry.getKey());
                continue;
            }
            String other = modules.computeIfAbsent(target.get(), absent -> new TreeMap<>())
                    .put(key.role, entry.getKey());
            if (other != null) {
                throw new CheckpointException(path + ": the tensors " + CheckpointException.shown(other) + " and "
                        + CheckpointException.shown(entry.getKey()) + " are the same of " + target.get());
            }
        }
        for (Map.Entry<String, Map<Role, String>> module : modules.entrySet()) {
            add(module.getKey(), module.getValue(), keys, scale);
        }
        if (changes.isEmpty()) {
            throw new CheckpointException(path + " has no tensor that changes this model; its tensors are "
                    + WeightFiles.summary(files.names().stream()
                            .map(CheckpointException::shown)
                            .toList()));
        }
        Collections.sort(foreign);
    }

    private static @Nullable Key key(String name) {
        String bare = name;
        boolean stripped = true;
        while (stripped) {
            stripped = false;
            for (String prefix : PREFIXES) {
                if (bare.startsWith(prefix)) {
                    bare = bare.substring(prefix.length());
                    stripped = true;
                }
            }
        }
        boolean underscores = bare.startsWith(KOHYA);
        if (underscores) {
            bare = bare.substring(KOHYA.length());
        }
        @Nullable Key key = matrix(bare, DOWN, Role.DOWN, underscores);
        if (key == null) {
            key = matrix(bare, UP, Role.UP, underscores);
        }
        if (key == null) {
            key = matrix(bare, List.of(".alpha"), Role.ALPHA, underscores);
        }
        if (key == null) {
            key = matrix(bare, List.of(".diff"), Role.DIFFERENCE, underscores);
        }
        if (key == null) {
            key = matrix(bare, List.of(".diff_b"), Role.BIAS_DIFFERENCE, underscores);
        }
        return key != null ? key : matrix(bare, List.of(".diff_m"), Role.MODULATION_DIFFERENCE, underscores);
    }

    private static @Nullable Key matrix(String bare, List<String> endings, Role role, boolean underscores) {
        for (String ending : endings) {
            if (bare.endsWith(ending) && bare.length() > ending.length()) {
                return new Key(bare.substring(0, bare.length() - ending.length()), underscores, role);
            }
        }
        return null;
    }

    private Optional<String> target(Key key, boolean original) {
        return switch (key.role) {
            case DOWN, UP, ALPHA, DIFFERENCE -> targets.find(key.module + ".weight", original, key.underscores);
            case BIAS_DIFFERENCE -> targets.find(key.module + ".bias", original, key.underscores);
            // only the authors' names have it
            case MODULATION_DIFFERENCE -> targets.find(key.module + ".modulation", true, key.underscores);
        };
    }

    private void add(String target, Map<Role, String> names, Map<String, Key> keys, LoraScale scale)
            throws IOException {
        List<Long> shape = targets.shape(target);
        for (Role role : List.of(Role.DIFFERENCE, Role.BIAS_DIFFERENCE, Role.MODULATION_DIFFERENCE)) {
            @Nullable String name = names.get(role);
            if (name != null) {
                TensorInfo difference = tensor(name);
                if (!difference.shape().equals(shape)) {
                    throw misfit(name, difference.shape(), shape.toString(), target);
                }
                changes.add(new LoraChange.Difference(target, difference));
            }
        }
        @Nullable String downName = names.get(Role.DOWN);
        @Nullable String upName = names.get(Role.UP);
        @Nullable String alphaName = names.get(Role.ALPHA);
        if (downName == null && upName == null) {
            if (alphaName != null) {
                foreign.add(alphaName);
            }
            return;
        }
        if (downName == null || upName == null) {
            throw new CheckpointException(path + ": of the two matrices of " + target + " there is one alone, "
                    + CheckpointException.shown(String.valueOf(downName == null ? upName : downName)));
        }
        TensorInfo down = tensor(downName);
        TensorInfo up = tensor(upName);
        long rank = down.shape().isEmpty() ? 0 : down.shape().get(0);
        List<Long> expectedDown = new ArrayList<>(shape);
        if (shape.size() < 2) {
            throw misfit(downName, down.shape(), "none: the tensor has the shape " + shape, target);
        }
        expectedDown.set(0, rank);
        if (rank == 0 || !down.shape().equals(expectedDown)) {
            throw misfit(downName, down.shape(), "[rank, " + joined(shape.subList(1, shape.size())) + "]", target);
        }
        List<Long> expectedUp = new ArrayList<>(Collections.nCopies(shape.size(), 1L));
        expectedUp.set(0, shape.get(0));
        expectedUp.set(1, rank);
        if (!up.shape().equals(expectedUp)) {
            throw misfit(upName, up.shape(), expectedUp.toString(), target);
        }
        Key key = keys.get(downName);
        changes.add(new LoraChange.LowRank(
                target, down, up, scale.of(key == null ? "" : key.module, rank, alpha(alphaName))));
    }

    private static String joined(List<Long> sides) {
        String list = sides.toString();
        return list.substring(1, list.length() - 1);
    }

    private CheckpointException misfit(String name, List<Long> found, String expected, String target) {
        return new CheckpointException(path + " was made for another model: the tensor "
                + CheckpointException.shown(name) + " has shape " + found + ", " + target + " needs " + expected);
    }

    private TensorInfo tensor(String name) throws CheckpointException {
        @Nullable TensorInfo tensor = files.tensors().get(name);
        if (tensor == null || !TYPES.contains(tensor.type())) {
            throw new CheckpointException(path + ": the tensor " + CheckpointException.shown(name) + " has type "
                    + (tensor == null ? files.unsupportedTensors().get(name) : tensor.type())
                    + ", of a LoRA F32, F16 and BF16 are read");
        }
        return tensor;
    }

    private OptionalDouble alpha(@Nullable String name) throws IOException {
        if (name == null) {
            return OptionalDouble.empty();
        }
        TensorInfo tensor = tensor(name);
        if (!tensor.shape().isEmpty() && !tensor.shape().equals(List.of(1L))) {
            throw new CheckpointException(path + ": the tensor " + CheckpointException.shown(name) + " has shape "
                    + tensor.shape() + ", expected one number");
        }
        ByteBuffer data = files.map(name);
        double alpha = switch (tensor.type()) {
            case F32 -> data.getFloat();
            case BF16 -> Float.intBitsToFloat(data.getShort() << 16);
            default -> half(data.getShort());
        };
        if (!Double.isFinite(alpha)) {
            throw new CheckpointException(
                    path + ": the tensor " + CheckpointException.shown(name) + " is " + alpha + ", expected a number");
        }
        return OptionalDouble.of(alpha);
    }

    /** Of IEEE 754 binary16. */
    private static double half(short bits) {
        int exponent = (bits >> 10) & 31;
        int fraction = bits & 1023;
        double sign = bits < 0 ? -1 : 1;
        if (exponent == 31) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return sign
                * (exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1024.0 + fraction, exponent - 25));
    }

    /** {@return the file} */
    public Path path() {
        return path;
    }

    /** {@return what it changes, sorted by target} */
    public List<LoraChange> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** {@return the names of tensors that change nothing of this network, sorted} */
    public List<String> foreign() {
        return Collections.unmodifiableList(foreign);
    }

    /** {@return the names of foreign tensors in one line, the first few; empty if there are none} */
    public Optional<String> foreignLine() {
        return foreign.isEmpty()
                ? Optional.empty()
                : Optional.of(foreign.size() + " of " + files.names().size() + " tensors of " + path.getFileName()
                        + " change nothing of this model and have no effect: "
                        + WeightFiles.summary(
                                foreign.stream().map(CheckpointException::shown).toList()));
    }

    /** {@return the data of its tensors} */
    public WeightFiles files() {
        return files;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
