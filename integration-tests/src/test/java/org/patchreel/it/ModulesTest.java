package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The modules of the build: which packages they have, and which of them are in the plugin's bundle. */
class ModulesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SOURCE = Pattern.compile("(?<module>.*)/src/[a-z]+/java/(?<folder>.*)/[^/]*\\.java");

    /** Those whose packages bnd folds into one bundle. */
    private static final List<String> FOLDED = List.of("c2pa", "media", "plugin-impl", "provenance");

    private static Set<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            Set<Path> found = new TreeSet<>();
            files.filter(file -> file.toString().endsWith(ending)).forEach(found::add);
            return found;
        }
    }

    /** Else a test, or a class of another bundle, could reach what a package keeps to itself. */
    @Test
    void aPackageIsInOneModule() throws IOException {
        Map<String, Set<String>> modules = new TreeMap<>();
        for (Path file : files(ROOT, ".java")) {
            String name = ROOT.relativize(file).toString();
            Matcher source = SOURCE.matcher(name);
            if (!name.contains("target/") && source.matches()) {
                modules.computeIfAbsent(source.group("folder"), key -> new TreeSet<>())
                        .add(source.group("module"));
            }
        }
        assertEquals(Set.of("media"), modules.get("org/patchreel/impl/media"));
        assertEquals(Set.of("integration-tests"), modules.get("org/patchreel/it"));
        modules.values().removeIf(each -> each.size() == 1);
        assertEquals(Map.of(), modules);
    }

    @Test
    void thePluginsBundleHasTheClassesOfItsModulesAndNoOthers() throws IOException {
        Set<String> expected = new TreeSet<>();
        for (String module : FOLDED) {
            Path classes = ROOT.resolve(module).resolve("target/classes");
            for (Path file : files(classes, ".class")) {
                assertTrue(
                        expected.add(classes.relativize(file).toString()), () -> file + " is in another module, too");
            }
        }
        Set<Path> jars = files(ROOT.resolve("plugin-impl/target"), "SNAPSHOT.jar");
        assertEquals(1, jars.size(), jars.toString());
        Set<String> bundled = new TreeSet<>();
        try (ZipFile bundle = new ZipFile(jars.iterator().next().toFile())) {
            bundle.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .forEach(bundled::add);
        }
        assertEquals(expected, bundled);
    }
}
