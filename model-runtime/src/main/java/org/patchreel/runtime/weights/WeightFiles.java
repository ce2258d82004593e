package org.patchreel.runtime.weights;

import static java.util.stream.Collectors.joining;
import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one component of a checkpoint, in one safetensors file or split over several, open for mapping.
 *
 * <p>Everything is checked when it is opened; no data is read until {@link #map} is called. Closing it closes the files;
 * buffers mapped before stay valid until they are collected. A file must not be shortened while it is mapped: touching
 * the lost part would crash the process. For one thread at a time.
 */
public final class WeightFiles implements AutoCloseable {
    private static final String SUFFIX = ".safetensors";
    private static final long MAX_TEXT_BYTES = 1 << 16;

    private record Located(WeightFile file, StoredTensor stored) {}

    private final Path directory;
    private final List<WeightFile> files;
    private final Map<String, Located> located = new TreeMap<>();
    private final Map<String, TensorInfo> tensors = new TreeMap<>();
    private final Map<String, String> unsupported = new TreeMap<>();
    /** Of quantized tensors, by their presented names. */
    private final Map<String, Located> scales = new TreeMap<>();

    private WeightFiles(Path directory, List<WeightFile> files) {
        this.directory = directory;
        this.files = files;
    }

    /** Opens weights whose tensors are presented under the names that the files give them. */
    public static WeightFiles open(Path directory, String stem) throws IOException {
        return open(directory, stem, names -> Map.of());
    }

    /**
     * Opens {@code <stem>.safetensors.index.json} with the files it names, or {@code <stem>.safetensors}, or the only
     * {@code <stem>.safetensors.index.VARIANT.json}, or else the only safetensors file of the directory that is not a LoRA,
     * whatever its name, or if there is none the only GGUF file, or the only {@code .pth} file.
     *
     * @param directory of the component; a file is taken as it is
     * @param stem for example {@code diffusion_pytorch_model}
     * @param renaming gives, for all names found in the files, the names under which to present those that differ
     * @throws CheckpointException if a file is missing or is not what it should be
     */
    public static WeightFiles open(Path directory, String stem, Function<Set<String>, Map<String, String>> renaming)
            throws IOException {
        return open(directory, stem, renaming, TensorCuts.NONE);
    }

    /**
     * The same, of which tensors are cut before they are renamed.
     *
     * @param directory see above
     * @param stem see above
     * @param renaming see above; gets the names of the parts
     * @param cuts of the tensors
     * @throws CheckpointException if a file is missing or is not what it should be
     */
    public static WeightFiles open(
            Path directory, String stem, Function<Set<String>, Map<String, String>> renaming, TensorCuts cuts)
            throws IOException {
        if (Files.isRegularFile(directory)) {
            return open(directory, List.of(directory), Map.of(), renaming, cuts);
        }
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new CheckpointException(directory + " is not a directory")
                    : CheckpointException.absent(directory);
        }
        Path index = directory.resolve(stem + SUFFIX + ".index.json");
        if (Files.exists(index)) {
            return openShards(directory, index, renaming, cuts);
        }
        Path single = directory.resolve(stem + SUFFIX);
        if (Files.exists(single)) {
            return open(directory, List.of(single), Map.of(), renaming, cuts);
        }
        List<Path> variants = matching(directory, stem + SUFFIX + ".index.*.json");
        if (variants.size() > 1) {
            throw new CheckpointException("weights in " + directory + " are there in several variants, keep one: "
                    + summary(names(variants)));
        }
        return variants.isEmpty()
                ? open(directory, List.of(onlyWeightFile(directory, stem)), Map.of(), renaming, cuts)
                : openShards(directory, variants.get(0), renaming, cuts);
    }

    /**
     * Opens one safetensors file whose tensors are presented under the names that it gives them.
     *
     * @throws CheckpointException if it is missing or is not what it should be
     */
    public static WeightFiles ofFile(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        return open(directory == null ? file : directory, List.of(file), Map.of(), names -> Map.of(), TensorCuts.NONE);
    }

    private static List<Path> matching(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            entries.forEach(found::add);
        }
        Collections.sort(found);
        return found;
    }

    private static List<String> names(List<Path> files) {
        return files.stream().map(file -> String.valueOf(file.getFileName())).toList();
    }

    /** Whether a file has the name of one of weights, in a format that is read. */
    public static boolean isWeightFile(Path file) {
        return Arrays.stream(WeightFile.Format.values())
                .anyMatch(format -> file.toString().toLowerCase(Locale.ROOT).endsWith(format.suffix()));
    }

    /**
     * Whether a safetensors file holds a LoRA, which changes the weights of another file; false for one that cannot be
     * read.
     */
    public static boolean isLora(Path file) {
        try (WeightFile weights = WeightFile.open(file)) {
            return weights.tensors().stream()
                    .map(StoredTensor::name)
                    .anyMatch(name -> name.contains(".lora_")
                            || name.contains(".lora.")
                            || name.contains("_lora.")
                            || name.startsWith("lora_"));
        } catch (IOException e) {
            return false;
        }
    }

    private static WeightFiles openShards(
            Path directory, Path index, Function<Set<String>, Map<String, String>> renaming, TensorCuts cuts)
            throws IOException {
        ShardIndex shards = ShardIndex.read(index);
        List<Path> paths = shards.files().stream().map(directory::resolve).toList();
        List<String> missing = paths.stream()
                .filter(p -> !Files.exists(p))
                .map(p -> String.valueOf(p.getFileName()))
                .toList();
        if (!missing.isEmpty()) {
            throw new CheckpointException(
                    index + " names " + paths.size() + " files, " + missing.size() + " of them are missing: "
                            + summary(missing),
                    missing.stream().map(name -> "missing file " + name).toList());
        }
        return open(directory, paths, shards.fileOf(), renaming, cuts);
    }

    private static WeightFiles open(
            Path directory,
            List<Path> paths,
            Map<String, String> expectedFile,
            Function<Set<String>, Map<String, String>> renaming,
            TensorCuts cuts)
            throws IOException {
        WeightFiles result = new WeightFiles(directory, new ArrayList<>());
        try {
            for (Path path : paths) {
                result.files.add(WeightFile.open(path));
            }
            result.locate(expectedFile, renaming, cuts);
            return result;
        } catch (IOException | RuntimeException e) {
            try {
                result.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static Path onlyWeightFile(Path directory, String stem) throws IOException {
        for (WeightFile.Format format : WeightFile.Format.values()) {
            List<Path> found = matching(directory, "*" + format.suffix());
            List<Path> candidates = found.size() < 2
                    ? found
                    : found.stream().filter(file -> !isLora(file)).toList();
            if (candidates.size() == 1) {
                return candidates.get(0);
            }
            if (!found.isEmpty()) {
                throw noWeights(
                        directory, stem, "several other " + format.suffix() + " files: " + summary(names(found)));
            }
        }
        throw noWeights(directory, stem, "no " + SUFFIX + ", .gguf or .pth file");
    }

    private static CheckpointException noWeights(Path directory, String stem, String found) {
        return new CheckpointException("no weights in " + directory + ": expected " + stem + SUFFIX + " or " + stem
                + SUFFIX + ".index.json, found " + found);
    }

    private void locate(
            Map<String, String> expectedFile, Function<Set<String>, Map<String, String>> renaming, TensorCuts cuts)
            throws IOException {
        Map<String, Located> byStoredName = new LinkedHashMap<>();
        for (WeightFile file : files) {
            for (StoredTensor stored : file.tensors()) {
                Located other = byStoredName.put(stored.name(), new Located(file, stored));
                if (other != null) {
                    throw new CheckpointException("tensor " + shown(stored.name()) + " is in two files: "
                            + other.file.path() + " and " + file.path());
                }
            }
        }
        checkAgainstIndex(expectedFile, byStoredName);
        cut(byStoredName, cuts);
        Map<String, String> scaleOf = QuantizedLayout.scales(
                directory, byStoredName.keySet(), name -> text(Objects.requireNonNull(byStoredName.get(name), name)));
        Map<String, Located> weights = new LinkedHashMap<>(byStoredName);
        weights.keySet().removeIf(QuantizedLayout::isCompanion);
        Map<String, String> renamed = renaming.apply(Collections.unmodifiableSet(weights.keySet()));
        for (Map.Entry<String, Located> entry : weights.entrySet()) {
            String name = renamed.getOrDefault(entry.getKey(), entry.getKey());
            Located other = located.put(name, entry.getValue());
            if (other != null) {
                throw new CheckpointException("tensors " + shown(other.stored.name()) + " and " + shown(entry.getKey())
                        + " of " + directory + " are both " + shown(name));
            }
            StoredTensor stored = entry.getValue().stored;
            WeightType type = weightType(stored.type());
            if (type == null) {
                unsupported.put(name, stored.type());
            } else {
                tensors.put(name, new TensorInfo(name, type, stored.shape(), stored.length()));
            }
            String scale = scaleOf.get(entry.getKey());
            if (scale != null) {
                scales.put(name, byStoredName.get(scale));
            }
        }
        checkScales();
    }

    private static void cut(Map<String, Located> tensors, TensorCuts cuts) throws CheckpointException {
        for (Map.Entry<String, Located> entry : List.copyOf(tensors.entrySet())) {
            Located tensor = entry.getValue();
            List<TensorCuts.Piece> pieces = cuts.of(entry.getKey(), tensor.stored.shape());
            tensors.remove(entry.getKey());
            for (TensorCuts.Piece piece : pieces) {
                Located other = tensors.put(piece.name(), new Located(tensor.file, piece(tensor, piece)));
                if (other != null) {
                    throw new CheckpointException("tensors " + shown(other.stored.name()) + " and "
                            + shown(entry.getKey()) + " of " + tensor.file.path() + " are both " + shown(piece.name()));
                }
            }
        }
    }

    private static StoredTensor piece(Located tensor, TensorCuts.Piece piece) throws CheckpointException {
        StoredTensor stored = tensor.stored;
        if (piece.count() == 1 && piece.shape().equals(stored.shape())) {
            return new StoredTensor(
                    piece.name(), stored.type(), stored.shape(), stored.position(), stored.length(), stored.view());
        }
        long elements = stored.shape().stream().reduce(1L, (a, b) -> a * b);
        long own = piece.shape().stream().reduce(1L, (a, b) -> a * b);
        if (stored.view().isPresent() || own * piece.count() != elements || stored.length() % piece.count() != 0) {
            throw new CheckpointException("tensor " + shown(stored.name()) + " of " + tensor.file.path() + ", of shape "
                    + stored.shape() + ", cannot be cut into " + piece.count() + " of shape " + piece.shape());
        }
        long length = stored.length() / piece.count();
        return new StoredTensor(
                piece.name(), stored.type(), piece.shape(), stored.position() + piece.index() * length, length);
    }

    /**
     * A name that the index gives and no file has is left to {@link ExpectedTensors}: an index may go on naming a tensor
     * that was dropped because it is the same as another one.
     */
    private void checkAgainstIndex(Map<String, String> expectedFile, Map<String, Located> found)
            throws CheckpointException {
        List<String> problems = new ArrayList<>();
        expectedFile.forEach((name, file) -> {
            Located tensor = found.get(name);
            if (tensor != null && !tensor.file.path().equals(directory.resolve(file))) {
                problems.add("tensor " + shown(name) + " is not in " + file);
            }
        });
        if (!problems.isEmpty()) {
            throw new CheckpointException(
                    directory + ": the index and its files disagree about " + problems.size() + " tensors: "
                            + summary(problems),
                    problems);
        }
    }

    private static String text(Located tensor) throws IOException {
        if (tensor.stored.length() > MAX_TEXT_BYTES) {
            throw new CheckpointException("tensor " + shown(tensor.stored.name()) + " of " + tensor.file.path()
                    + " has " + tensor.stored.length() + " bytes of text, the limit is " + MAX_TEXT_BYTES);
        }
        return StandardCharsets.UTF_8
                .decode(tensor.file.map(tensor.stored, 0, tensor.stored.length()))
                .toString();
    }

    /** Codes of one byte have a scale, but for 8-bit floats, which may do without. */
    private void checkScales() throws CheckpointException {
        for (TensorInfo tensor : tensors.values()) {
            Located scale = scales.get(tensor.name());
            if (tensor.type() == WeightType.I8 && scale == null) {
                throw new CheckpointException(
                        "tensor " + shown(tensor.name()) + " of " + directory + " has whole numbers without a scale");
            }
            if (scale != null) {
                QuantizedLayout.checkScale(tensor, scale.stored, directory);
            }
        }
    }

    private static @Nullable WeightType weightType(String name) {
        for (WeightType type : WeightType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The first few of a list and how many more. */
    public static String summary(List<String> items) {
        int shown = Math.min(items.size(), 3);
        String rest = items.size() > shown ? " and " + (items.size() - shown) + " more" : "";
        return items.stream().limit(shown).collect(joining("; ")) + rest;
    }

    public Path directory() {
        return directory;
    }

    /** {@return the texts that the headers of safetensors files have under {@code __metadata__}, by their keys} */
    public Map<String, String> metadata() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        for (WeightFile file : files) {
            metadata.putAll(file.metadata());
        }
        return metadata;
    }

    /** The tensors of a usable type by name, in the order of their names. */
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** The tensors of other types than {@link WeightType}'s: the name of the type by the name of the tensor. */
    public Map<String, String> unsupportedTensors() {
        return Collections.unmodifiableMap(unsupported);
    }

    /** All names, of usable type or not. */
    public Set<String> names() {
        return Collections.unmodifiableSet(new TreeSet<>(located.keySet()));
    }

    /**
     * A tensor's data, read only, little endian, not copied: at most 2 GiB.
     *
     * @throws IllegalArgumentException if there is no such tensor
     * @throws CheckpointException if it is larger
     */
    public ByteBuffer map(String name) throws IOException {
        Located tensor = located(name);
        return tensor.file.map(tensor.stored, 0, tensor.stored.length());
    }

    /**
     * The data of some rows of a tensor, that is of some indices of its first dimension: for tensors beyond 2 GiB, which
     * can only be mapped piece by piece.
     *
     * @throws IllegalArgumentException if the tensor or the rows do not exist
     */
    public ByteBuffer map(String name, long firstRow, long rowCount) throws IOException {
        Located tensor = located(name);
        List<Long> shape = tensor.stored.shape();
        long rows = shape.isEmpty() ? 0 : shape.get(0);
        if (firstRow < 0 || rowCount < 1 || rowCount > rows - firstRow) {
            throw new IllegalArgumentException(
                    "tensor " + name + " of shape " + shape + " has no " + rowCount + " rows from " + firstRow);
        }
        long rowBytes = tensor.stored.length() / rows;
        return tensor.file.map(tensor.stored, firstRow * rowBytes, rowCount * rowBytes);
    }

    /** {@return the scale of a quantized tensor, by which its codes are multiplied; empty if it has none} */
    public Optional<TensorInfo> scale(String name) {
        return Optional.ofNullable(scales.get(name))
                .map(scale -> new TensorInfo(
                        scale.stored.name(), WeightType.F32, scale.stored.shape(), scale.stored.length()));
    }

    /**
     * The data of a tensor's scale, read only, little endian.
     *
     * @throws IllegalArgumentException if it has none
     */
    public ByteBuffer mapScale(String name) throws IOException {
        Located scale = scales.get(name);
        if (scale == null) {
            throw new IllegalArgumentException("tensor " + name + " in " + directory + " has no scale");
        }
        return scale.file.map(scale.stored, 0, scale.stored.length());
    }

    private Located located(String name) {
        Located tensor = located.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + directory);
        }
        return tensor;
    }

    /** The files in the order of their names. */
    public List<Path> files() {
        return files.stream().map(WeightFile::path).toList();
    }

    /**
     * {@return the size in memory: matrices stay in codes if they are, other tensors become numbers}
     *
     * @param numberBytes size of a number
     * @param inCodes whether matrices stay in codes; autoencoders and image encoders have numbers alone
     */
    public long memoryBytes(int numberBytes, boolean inCodes) {
        return tensors.values().stream()
                .mapToLong(tensor ->
                        inCodes && tensor.type().quantized() && tensor.shape().size() == 2
                                ? tensor.byteCount()
                                : numberBytes * tensor.shape().stream().reduce(1L, (a, b) -> a * b))
                .sum();
    }

    /** Size of all files. */
    public long bytes() {
        return files.stream().mapToLong(WeightFile::bytes).sum();
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (WeightFile file : files) {
            try {
                file.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
