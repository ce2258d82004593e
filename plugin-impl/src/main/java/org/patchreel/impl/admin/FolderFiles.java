package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;

/**
 * The videos and pictures of a folder, known by their names or by how they begin. Folders within it and links are followed;
 * hidden files are not looked at.
 *
 * @param media those to examine, sorted
 * @param others number of other files
 * @param unreadable what cannot be looked at, with the reason
 */
record FolderFiles(List<Path> media, int others, List<String> unreadable) {

    /** Videos and pictures that carry no manifest, and files that may. */
    private static final Set<String> EXTENSIONS = Stream.concat(
                    Stream.of(
                            "mkv", "webm", "ts", "m2ts", "mts", "mpg", "mpeg", "mxf", "flv", "wmv", "ogv", "3gp", "ivf",
                            "bmp", "apng", "jxl"),
                    CarrierFormat.readExtensions().stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final int MAX_DEPTH = 64;

    /** Bytes that tell a format. */
    private static final int HEAD = 16;

    /** How files of other names begin if they are videos or pictures; a dot stands for any byte. */
    private static final List<String> HEADS = List.of(
            "....ftyp",
            "....styp",
            "....moov",
            "....sidx",
            "RIFF....AVI ",
            "RIFF....WEBP",
            "\u001aE\u00df\u00a3",
            "\u00ff\u00d8\u00ff",
            "\u0089PNG",
            "GIF8",
            "II*\0",
            "MM\0*",
            "\u0006\u000e+4",
            "FLV\u0001",
            "OggS",
            "\0\0\u0001\u00ba");

    static FolderFiles of(Path folder) throws IOException {
        Search search = new Search(folder);
        Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, search);
        return search.found();
    }

    /** What is met on the way. */
    static final class Search extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final List<Path> media = new ArrayList<>();
        private final List<String> unreadable = new ArrayList<>();
        private int others;

        Search(Path folder) {
            this.folder = folder;
        }

        FolderFiles found() {
            media.sort(null);
            return new FolderFiles(List.copyOf(media), others, List.copyOf(unreadable));
        }

        @Override
        public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            return isHidden(each) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (isHidden(file)) {
                others++;
            } else if (attributes.isDirectory()) {
                unreadable.add(file + ": folders within folders, more than " + MAX_DEPTH + " deep");
            } else if (attributes.isSymbolicLink()) {
                unreadable.add(file + ": a link to what does not exist");
            } else if (!attributes.isRegularFile()) {
                others++;
            } else if (EXTENSIONS.contains(extension(file)) || beginsLikeMedia(file)) {
                media.add(file);
            } else {
                others++;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            if (failure instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE; // a link back: what is there is looked at anyway
            }
            unreadable.add(file + ": " + reason(failure));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure) {
            if (failure != null) {
                unreadable.add(each + ": " + reason(failure));
            }
            return FileVisitResult.CONTINUE;
        }

        private boolean isHidden(Path path) {
            return !path.equals(folder) && path.getFileName().toString().startsWith(".");
        }
    }

    private static String reason(IOException failure) {
        return failure instanceof AccessDeniedException
                ? "may not be read"
                : failure instanceof NoSuchFileException ? "is gone" : "cannot be read: " + failure.getMessage();
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** One that cannot be opened counts as media: that it cannot is said when it is examined. */
    private static boolean beginsLikeMedia(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String head = new String(in.readNBytes(HEAD), ISO_8859_1);
            return HEADS.stream().anyMatch(pattern -> begins(head, pattern));
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean begins(String head, String pattern) {
        if (head.length() < pattern.length()) {
            return false;
        }
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) != '.' && pattern.charAt(i) != head.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
