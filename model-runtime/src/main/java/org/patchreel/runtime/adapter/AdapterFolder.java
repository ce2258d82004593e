package org.patchreel.runtime.adapter;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.patchreel.api.Adapter;
import org.patchreel.runtime.weights.CheckpointException;

/**
 * The folder that holds a model's adapters. Each is a file {@code NAME.safetensors}, or a folder {@code NAME} with one such
 * file, or with two for a checkpoint with two experts, of which one has {@code high_noise} and the other {@code low_noise} in its
 * name. Links may stay within the folder alone. May be used by any thread; files may come and go.
 *
 * @param folder that need not exist; empty for a model without adapters
 */
public record AdapterFolder(Optional<Path> folder) {

    /** Of a model without adapters. */
    public static final AdapterFolder NONE = new AdapterFolder(Optional.empty());

    private static final String SUFFIX = ".safetensors";

    /** Maximum number of entries that are looked at. */
    private static final int MAX_ENTRIES = 10_000;

    /** {@return the names of the adapters that are there, sorted; those whose file names are no names are left out} */
    public List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        try {
            if (folder.isPresent() && Files.isDirectory(folder.get())) {
                for (Path entry : entries(folder.get())) {
                    String name = String.valueOf(entry.getFileName());
                    if (Files.isDirectory(entry)) {
                        if (!safetensors(entry).isEmpty()) {
                            names.add(name);
                        }
                    } else if (name.endsWith(SUFFIX)) {
                        names.add(name.substring(0, name.length() - SUFFIX.length()));
                    }
                }
            }
        } catch (IOException e) {
            return List.of(); // whoever chooses one learns why
        }
        names.removeIf(name -> !Adapter.isName(name));
        return List.copyOf(names);
    }

    /**
     * Finds the files of adapters.
     *
     * @param chosen by a request
     * @return one or two for each, in their order
     * @throws CheckpointException if one is not there, is there twice, or is not in the folder; the message names it
     * @throws IOException if the folder cannot be read
     */
    public List<AdapterPart> find(List<Adapter> chosen) throws IOException {
        List<AdapterPart> parts = new ArrayList<>();
        for (Adapter adapter : chosen) {
            parts.addAll(find(adapter));
        }
        return List.copyOf(parts);
    }

    private List<AdapterPart> find(Adapter adapter) throws IOException {
        String name = adapter.name();
        if (folder.isEmpty()) {
            throw new CheckpointException("there is no adapter " + name + ": no folder of adapters is configured");
        }
        Path root = folder.get();
        Path file = root.resolve(name + SUFFIX);
        Path directory = root.resolve(name);
        boolean single = Files.exists(file);
        boolean several = Files.isDirectory(directory);
        if (single && several) {
            throw new CheckpointException("adapter " + name + " is there twice: " + file + " and the folder "
                    + directory + "; rename one of them");
        }
        if (!single && !several) {
            throw Files.isSymbolicLink(file)
                    ? CheckpointException.absent(file)
                    : new CheckpointException("there is no adapter " + name + " in " + root);
        }
        if (single) {
            return List.of(part(adapter, root, file, Expert.of(name)));
        }
        List<Path> files = safetensors(directory);
        if (files.size() == 1) {
            return List.of(part(
                    adapter,
                    root,
                    files.get(0),
                    Expert.of(String.valueOf(files.get(0).getFileName()))));
        }
        if (files.size() == 2) {
            Expert first = Expert.of(String.valueOf(files.get(0).getFileName()));
            Expert second = Expert.of(String.valueOf(files.get(1).getFileName()));
            if (first != second && first != Expert.BOTH && second != Expert.BOTH) {
                return List.of(part(adapter, root, files.get(0), first), part(adapter, root, files.get(1), second));
            }
        }
        throw new CheckpointException("the folder of adapter " + name + ", " + directory + ", has " + files.size() + " "
                + SUFFIX + " files: expected one, or one with high_noise and one with low_noise in its name");
    }

    private static AdapterPart part(Adapter adapter, Path root, Path file, Expert expert) throws IOException {
        Path real = file.toRealPath();
        if (!real.startsWith(root.toRealPath())) {
            throw new CheckpointException(
                    "adapter " + adapter.name() + " is a link out of its folder: " + file + " leads to " + real);
        }
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new CheckpointException("adapter " + adapter.name() + " is not a regular file: " + file);
        }
        return new AdapterPart(
                adapter,
                real,
                root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/"),
                expert,
                attributes.size(),
                attributes.lastModifiedTime());
    }

    private static List<Path> safetensors(Path directory) throws IOException {
        return entries(directory).stream()
                .filter(file -> file.toString().endsWith(SUFFIX) && !Files.isDirectory(file))
                .sorted()
                .toList();
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path entry : stream) {
                if (entries.size() == MAX_ENTRIES) {
                    throw new CheckpointException(directory + " has more than " + MAX_ENTRIES + " entries");
                }
                entries.add(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }
}
