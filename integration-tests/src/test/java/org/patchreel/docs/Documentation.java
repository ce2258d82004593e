package org.patchreel.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The files of the repository. */
final class Documentation {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Made by builds, and by running the app. */
    private static final Set<String> GENERATED =
            Set.of(".git", "target", ".patchreel", "assets", "node_modules", "__pycache__");

    private Documentation() {}

    /** {@return all pages} */
    static List<MarkdownPage> pages() throws IOException {
        List<MarkdownPage> pages = new ArrayList<>();
        for (Path file : files(".md")) {
            pages.add(MarkdownPage.read(file));
        }
        return pages;
    }

    static MarkdownPage page(String name) throws IOException {
        return MarkdownPage.read(ROOT.resolve(name));
    }

    /** {@return files whose names end like that, sorted} */
    static List<Path> files(String ending) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return GENERATED.contains(folder.getFileName().toString()) && !folder.equals(ROOT)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    static String name(Path file) {
        return ROOT.relativize(file).toString();
    }
}
