package org.patchreel.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The operator's term lists: files {@code CATEGORY.txt} or {@code CATEGORY-NAME.txt} of a folder, which need not exist.
 *
 * @param path of the folder
 */
record TermFolder(Path path) {

    static final int MAX_FILES = 200;
    static final int MAX_TERMS = 100_000;

    private static final String EXTENSION = ".txt";

    /** What tells one version of a file from another. */
    record Stamp(Path file, FileTime modified, long size) {}

    /** {@return the versions of the files, in the order of their names} */
    List<Stamp> stamps() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        List<Stamp> stamps = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(each -> each.toString().endsWith(EXTENSION))
                    .sorted()
                    .limit(MAX_FILES + 1)
                    .toList()) {
                stamps.add(new Stamp(file, Files.getLastModifiedTime(file), Files.size(file)));
            }
        }
        if (stamps.size() > MAX_FILES) {
            throw new IOException(path + " has more than " + MAX_FILES + " term lists");
        }
        return stamps;
    }

    /**
     * Reads the lists.
     *
     * @param stamps of the files
     * @throws IOException if one cannot be used; the message names it
     */
    List<TermList> read(List<Stamp> stamps) throws IOException {
        List<TermList> lists = new ArrayList<>();
        int terms = 0;
        for (Stamp stamp : stamps) {
            Path file = stamp.file();
            Category category = category(file);
            try (InputStream in = Files.newInputStream(file)) {
                TermList list = TermList.read(category, "terms-" + name(file), file.toString(), in);
                terms += list.terms().size();
                lists.add(list);
            }
        }
        if (terms > MAX_TERMS) {
            throw new IOException(path + " has " + terms + " terms, at most " + MAX_TERMS + " are used");
        }
        return lists;
    }

    private static String name(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.length() - EXTENSION.length());
    }

    private static Category category(Path file) throws IOException {
        String name = name(file);
        for (Category category : Category.values()) {
            if (name.equals(category.label())
                    || (name.startsWith(category.label() + "-") && !isOther(name, category))) {
                return category;
            }
        }
        throw new IOException(file + " is for no category, expected CATEGORY.txt or CATEGORY-NAME.txt with one of "
                + Category.labels());
    }

    /** Whether a longer category's name begins like that of this one. */
    private static boolean isOther(String name, Category category) {
        for (Category other : Category.values()) {
            if (other.label().length() > category.label().length() && name.startsWith(other.label())) {
                return true;
            }
        }
        return false;
    }
}
