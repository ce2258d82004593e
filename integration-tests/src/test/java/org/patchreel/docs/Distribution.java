package org.patchreel.docs;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What the descriptors of the distribution say of its files, so that it need not be built. */
final class Distribution {

    static final Path MODULE = Documentation.ROOT.resolve("dist");

    private Distribution() {}

    /** {@return files by the place that they get; those that a build makes need not exist} */
    static Map<Path, Path> files() throws IOException {
        Map<Path, Path> files = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(MODULE.resolve("src/main/assembly"))) {
            for (Path descriptor : descriptors.sorted().toList()) {
                read(descriptor, files);
            }
        }
        return files;
    }

    private static void read(Path descriptor, Map<Path, Path> files) throws IOException {
        Element assembly = parse(descriptor);
        for (Element file : elements(assembly, "file")) {
            Path source = MODULE.resolve(text(file, "source")).normalize();
            String name = text(file, "destName");
            files.put(folder(file).resolve(name.isEmpty() ? source.getFileName().toString() : name), source);
        }
        for (Element set : elements(assembly, "fileSet")) {
            Path directory = MODULE.resolve(text(set, "directory")).normalize();
            if (Files.isDirectory(directory)) {
                try (Stream<Path> below = Files.walk(directory)) {
                    below.filter(Files::isRegularFile)
                            .filter(file -> isIncluded(set, directory.relativize(file)))
                            .forEach(file -> files.put(folder(set).resolve(directory.relativize(file)), file));
                }
            }
        }
    }

    private static boolean isIncluded(Element set, Path file) {
        List<Element> includes = elements(set, "include");
        return (includes.isEmpty() || includes.stream().anyMatch(each -> matches(each, file)))
                && elements(set, "exclude").stream().noneMatch(each -> matches(each, file));
    }

    private static boolean matches(Element pattern, Path file) {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.getTextContent());
        return matcher.matches(file);
    }

    private static Path folder(Element entry) {
        return Path.of(text(entry, "outputDirectory"));
    }

    private static Element parse(Path file) throws IOException {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static String text(Element parent, String name) {
        List<Element> found = elements(parent, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    private static List<Element> elements(Element parent, String name) {
        List<Element> elements = new ArrayList<>();
        NodeList found = parent.getElementsByTagName(name);
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }
}
