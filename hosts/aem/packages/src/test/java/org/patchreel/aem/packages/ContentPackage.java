package org.patchreel.aem.packages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** A package, opened down to what its bundles and subpackages hold. */
final class ContentPackage {

    /** Of ELF, of Windows, of Mach-O in its four kinds; a universal one begins as a class does, and is told by its name. */
    private static final List<String> MAGIC =
            List.of("7f454c46", "4d5a", "feedface", "feedfacf", "cefaedfe", "cffaedfe");

    private static final Pattern LIBRARY = Pattern.compile("(?i).*\\.(so(\\.[0-9.]+)?|dll|dylib|jnilib|exe|node)");

    private static final Pattern ARCHIVE = Pattern.compile(".*\\.(jar|zip)");

    /** Contents by path; {@code !} stands between an archive and what is in it. Large ones are left out. */
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    private final List<String> nativeCode;
    private final Map<String, Attributes> bundles = new TreeMap<>();

    ContentPackage(String name) throws IOException {
        Path file = Path.of(System.getProperty("packages"), name + ".zip");
        Map<String, String> found = new TreeMap<>();
        try (InputStream stream = Files.newInputStream(file)) {
            read("", stream, found);
        }
        nativeCode = List.copyOf(found.keySet());
    }

    private void read(String prefix, InputStream archive, Map<String, String> found) throws IOException {
        ZipInputStream zip = new ZipInputStream(archive);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String path = prefix + entry.getName();
            if (entry.isDirectory()) {
                continue;
            }
            byte[] content = zip.readAllBytes();
            String start = HexFormat.of().formatHex(content, 0, Math.min(4, content.length));
            if (LIBRARY.matcher(path).matches() || MAGIC.stream().anyMatch(start::startsWith)) {
                found.put(path, start);
            }
            if (ARCHIVE.matcher(path).matches()) {
                if (path.endsWith(".jar")) {
                    addBundle(path, content);
                }
                read(path + "!", new ByteArrayInputStream(content), found);
            } else if (content.length < 1_000_000) {
                files.put(path, content);
            }
        }
    }

    private void addBundle(String path, byte[] content) throws IOException {
        try (JarInputStream jar = new JarInputStream(new ByteArrayInputStream(content))) {
            @Nullable Manifest manifest = jar.getManifest();
            if (manifest != null && !path.contains("!")) {
                bundles.put(path, manifest.getMainAttributes());
            }
        }
    }

    /** {@return paths of files that are native code by their name or their first bytes} */
    List<String> nativeCode() {
        return nativeCode;
    }

    /** {@return the main attributes of each bundle's manifest, by the bundle's path} */
    Map<String, Attributes> bundles() {
        return bundles;
    }

    /** {@return symbolic names of the bundles, sorted} */
    List<String> names() {
        return bundles.values().stream()
                .map(attributes -> attributes.getValue("Bundle-SymbolicName").replaceFirst(";.*", ""))
                .sorted()
                .toList();
    }

    /** {@return paths of the files directly in the package, sorted} */
    Stream<String> paths() {
        return files.keySet().stream().filter(path -> !path.contains("!")).sorted();
    }

    /** {@return paths of files in bundles, in this folder} */
    Stream<String> nested(String folder) {
        return files.keySet().stream().filter(path -> path.contains(".jar!" + folder));
    }

    byte[] file(String path) {
        byte @Nullable [] content = files.get(path);
        if (content == null) {
            throw new AssertionError(path + " is not among " + files.keySet());
        }
        return content;
    }

    String text(String path) {
        return new String(file(path), StandardCharsets.UTF_8);
    }

    JsonNode json(String path) {
        try {
            return new ObjectMapper().readTree(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    Document xml(String path) throws ParserConfigurationException, SAXException, IOException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(file(path)));
    }

    /** {@return the only path that ends so, also within bundles and subpackages} */
    String find(String end) {
        List<String> found =
                files.keySet().stream().filter(path -> path.endsWith(end)).toList();
        if (found.size() != 1) {
            throw new AssertionError(end + " matches " + found);
        }
        return found.get(0);
    }
}
