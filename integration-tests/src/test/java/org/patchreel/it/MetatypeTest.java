package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What consoles show an operator of each configuration, as the bundles have it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetatypeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> BUNDLES =
            List.of("plugin-impl", "web", "broker", "remote", "policy", "model-runtime");
    private static final Set<String> NUMBERS = Set.of("Integer", "Long", "Double", "Float", "Short");

    /** What a number counts or measures, somewhere in its description. */
    private static final Pattern UNIT = Pattern.compile(
            "\\b(seconds|minutes?|days|MiB|pixels|percent|number of|how (many|often)|threads|ranking)\\b|to 100\\b",
            Pattern.CASE_INSENSITIVE);

    private record Attribute(String type, String description) {}

    /** The attributes of each PID. */
    private final Map<String, Map<String, Attribute>> configurations = new TreeMap<>();

    private final List<String> undescribed = new ArrayList<>();

    @BeforeAll
    void readBundles() throws Exception {
        for (String module : BUNDLES) {
            try (ZipFile bundle = new ZipFile(bundle(module).toFile())) {
                for (ZipEntry entry : bundle.stream().toList()) {
                    if (entry.getName().startsWith("OSGI-INF/metatype/")
                            && entry.getName().endsWith(".xml")) {
                        try (InputStream in = bundle.getInputStream(entry)) {
                            read(DocumentBuilderFactory.newInstance()
                                    .newDocumentBuilder()
                                    .parse(in));
                        }
                    }
                }
            }
        }
    }

    private static Path bundle(String module) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(module).resolve("target"))) {
            return files.filter(file -> file.toString().endsWith("SNAPSHOT.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void read(Document metatype) {
        Element described = (Element) metatype.getElementsByTagName("OCD").item(0);
        Element designate = (Element) metatype.getElementsByTagName("Designate").item(0);
        String pid = designate.getAttribute(designate.hasAttribute("pid") ? "pid" : "factoryPid");
        if (described.getAttribute("description").isBlank()) {
            undescribed.add(pid);
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        NodeList nodes = described.getElementsByTagName("AD");
        for (int i = 0; i < nodes.getLength(); i++) {
            Element each = (Element) nodes.item(i);
            attributes.put(
                    each.getAttribute("id"),
                    new Attribute(each.getAttribute("type"), each.getAttribute("description")));
        }
        configurations.put(pid, attributes);
    }

    /** The documentation promises it. */
    @Test
    void everyConfigurationAndEachOfItsAttributesIsDescribed() {
        configurations.forEach((pid, attributes) -> {
            assertTrue(!attributes.isEmpty(), pid);
            attributes.forEach((name, attribute) -> {
                if (attribute.description().isBlank()) {
                    undescribed.add(pid + " " + name);
                }
            });
        });
        assertEquals(List.of(), undescribed);
        assertTrue(
                configurations
                        .keySet()
                        .containsAll(Set.of(
                                "org.patchreel.jobs",
                                "org.patchreel.label",
                                "org.patchreel.media",
                                "org.patchreel.metrics",
                                "org.patchreel.resolution",
                                "org.patchreel.broker",
                                "org.patchreel.remote",
                                "org.patchreel.policy",
                                "org.patchreel.export",
                                "org.patchreel.audit",
                                "org.patchreel.required",
                                "org.patchreel.audit.file",
                                "org.patchreel.policy.frames",
                                "org.patchreel.runtime")),
                configurations.keySet().toString());
    }

    @Test
    void theDescriptionOfANumberNamesItsUnit() {
        Set<String> without = new TreeSet<>();
        configurations.forEach((pid, attributes) -> attributes.forEach((name, attribute) -> {
            if (NUMBERS.contains(attribute.type())
                    && !UNIT.matcher(attribute.description()).find()) {
                without.add(pid + " " + name + ": " + attribute.description());
            }
        }));
        assertEquals(Set.of(), without);
    }

    /** A console masks them, and a name that begins with a dot stays out of the service registry. */
    @Test
    void secretsArePasswordsThatStayOutOfTheServiceRegistry() {
        Set<String> secrets = new TreeSet<>();
        configurations.forEach((pid, attributes) -> attributes.forEach((name, attribute) -> {
            boolean password = attribute.type().equals("Password");
            boolean hidden = name.startsWith(".");
            boolean secret = hidden || name.matches(".*(password|token|key|secret)");
            assertEquals(secret, password, pid + " " + name);
            assertEquals(password, hidden, pid + " " + name);
            if (password) {
                secrets.add(pid + " " + name);
            }
        }));
        assertTrue(secrets.containsAll(Set.of("org.patchreel.metrics .tokens", "org.patchreel.broker .password")));
    }
}
