package org.patchreel.aem.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.jar.Attributes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

@SuppressWarnings("NullAway.Init")
class ContentPackagesTest {

    private static final String CONFIG = "jcr_root/apps/patchreel/config/";
    private static final String MODEL = "workflow/models/patchreel-generate-clip/.content.xml";

    private static ContentPackage cloud;
    private static ContentPackage lts;

    @BeforeAll
    static void open() throws IOException {
        cloud = new ContentPackage("patchreel-aem-cloud");
        lts = new ContentPackage("patchreel-aem-65");
    }

    @Test
    void thatForTheCloudServiceCarriesNoNativeCode() {
        assertEquals(List.of(), cloud.nativeCode());
        for (Attributes headers : cloud.bundles().values()) {
            assertFalse(headers.containsKey(new Attributes.Name("Bundle-NativeCode")));
            assertFalse(String.valueOf(headers.getValue("Require-Capability")).contains("osgi.native"));
        }
    }

    @Test
    void thatFor65CarriesIt() {
        assertTrue(
                lts.nativeCode().stream()
                        .anyMatch(
                                path -> path.contains("natives-cpu-linux-x86_64") && path.endsWith("libtorch_cpu.so")),
                lts.nativeCode().toString());
    }

    @Test
    void thatForTheCloudServiceHoldsTheStepsAndWhatTheyNeed() {
        assertEquals(List.of("org.patchreel.aem", "org.patchreel.plugin-api", "org.patchreel.remote"), cloud.names());
    }

    @Test
    void thatFor65HoldsAll() {
        assertEquals(
                List.of(
                        "org.patchreel.aem",
                        "org.patchreel.model-runtime",
                        "org.patchreel.model-runtime.natives.cpu.linux-x86_64",
                        "org.patchreel.plugin-api",
                        "org.patchreel.plugin-impl",
                        "org.patchreel.policy",
                        "org.patchreel.starter-model",
                        "org.patchreel.web"),
                lts.names());
    }

    @Test
    void bundlesLieWhereTheInstallerLooks() {
        for (String path : lts.bundles().keySet()) {
            assertTrue(path.startsWith("jcr_root/apps/patchreel/install/"), path);
        }
    }

    @Test
    void areContainersWithTheModelInAPackageOfMutableContent() throws Exception {
        for (ContentPackage each : List.of(cloud, lts)) {
            assertEquals(
                    "container",
                    properties(each, "META-INF/vault/properties.xml").getProperty("packageType"));
            String nested = each.find(".zip!META-INF/vault/properties.xml");
            assertTrue(nested.startsWith("jcr_root/apps/patchreel-packages/content/install/"), nested);
            assertEquals("content", properties(each, nested).getProperty("packageType"));
        }
    }

    private static Properties properties(ContentPackage owner, String path) throws IOException {
        Properties properties = new Properties();
        properties.loadFromXML(new ByteArrayInputStream(owner.file(path)));
        return properties;
    }

    @Test
    void configurationsNameComponentsAndPropertiesThatThereAre() {
        for (ContentPackage each : List.of(cloud, lts)) {
            List<String> configurations = each.paths()
                    .filter(path -> path.startsWith(CONFIG) && !path.contains("RepositoryInitializer"))
                    .toList();
            assertTrue(configurations.contains(CONFIG + "org.patchreel.aem.cfg.json"), configurations.toString());
            for (String path : configurations) {
                String pid = path.substring(CONFIG.length()).replace(".cfg.json", "");
                String metatype = metatype(each, pid);
                for (String name : (Iterable<String>) () -> each.json(path).fieldNames()) {
                    assertTrue(metatype.contains("<AD id=\"" + name + "\""), path + ": " + name);
                }
            }
        }
    }

    private static String metatype(ContentPackage owner, String pid) {
        return owner.nested("OSGI-INF/metatype/")
                .map(owner::text)
                .filter(text -> text.contains("pid=\"" + pid + "\""))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no component has the PID " + pid));
    }

    @Test
    void bothMakeTheNamespacesThatAssetsNeed() {
        for (ContentPackage each : List.of(cloud, lts)) {
            JsonNode scripts = each.json(
                            CONFIG + "org.apache.sling.jcr.repoinit.RepositoryInitializer~patchreel.cfg.json")
                    .get("scripts");
            assertEquals(
                    "register namespace (patchreel) https://patchreel.org/ns/1.0/",
                    scripts.get(0).asText());
            assertEquals(
                    "register namespace (Iptc4xmpExt) http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
                    scripts.get(1).asText());
        }
    }

    @Test
    void theModelsStepIsAComponentOfTheBundle() throws Exception {
        for (ContentPackage each : List.of(cloud, lts)) {
            Document model = each.xml(each.find(".zip!jcr_root/conf/global/settings/" + MODEL));
            List<Element> steps = withAttribute(model, "EXTERNAL_PROCESS");
            assertEquals(1, steps.size());
            String component =
                    each.text(each.find("OSGI-INF/" + steps.get(0).getAttribute("EXTERNAL_PROCESS") + ".xml"));
            assertTrue(component.contains("com.adobe.granite.workflow.exec.WorkflowExternalProcess"), component);
            assertTrue(component.contains("process.label"), component);
        }
    }

    @Test
    void theModelThatRunsIsTheOneThatIsEdited() throws Exception {
        Document edited = cloud.xml(cloud.find(".zip!jcr_root/conf/global/settings/" + MODEL));
        Document runs = cloud.xml(cloud.find(".zip!jcr_root/var/" + MODEL));
        for (String name : List.of("EXTERNAL_PROCESS", "PROCESS_ARGS", "DYNAMIC_PARTICIPANT")) {
            assertEquals(
                    withAttribute(edited, name).get(0).getAttribute(name),
                    withAttribute(runs, name).get(0).getAttribute(name));
        }
        for (Element transition : withAttribute(runs, "from")) {
            for (String end : List.of("from", "to")) {
                assertEquals(
                        1,
                        runs.getElementsByTagName(transition.getAttribute(end)).getLength());
            }
        }
        assertEquals(3, withAttribute(runs, "from").size());
    }

    private static List<Element> withAttribute(Document document, String name) {
        NodeList all = document.getElementsByTagName("*");
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            if (all.item(i) instanceof Element element && element.hasAttribute(name)) {
                found.add(element);
            }
        }
        return found;
    }

    @Test
    void holdNothingButBundlesConfigurationsAndTheModel() {
        for (ContentPackage each : List.of(cloud, lts)) {
            each.paths()
                    .filter(path -> path.startsWith("jcr_root/") && !path.endsWith("/.content.xml"))
                    .forEach(path -> assertTrue(path.startsWith(CONFIG) && path.endsWith(".cfg.json"), path));
        }
    }
}
