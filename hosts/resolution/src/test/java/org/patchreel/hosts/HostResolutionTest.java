package org.patchreel.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.osgi.Domain;
import aQute.bnd.osgi.resource.ResourceUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.resource.Resource;
import org.osgi.service.resolver.ResolutionException;

/** In every host, the bundles find what they need in the host, or carry it. */
class HostResolutionTest {

    /** The hosts, with the lists of what they export. */
    @SuppressWarnings("ImmutableEnumChecker") // the lists are made by List.of
    enum Host {
        KARAF(false, "karaf-4.4.10.packages", "scr-2.2.6.packages"),
        SLING(true, "sling-starter-12.packages", "felix-7.packages"),
        AEM_CLOUD(true, "aem-cloud-2026.4.packages", "felix-7.packages"),
        AEM_65(true, "aem-6.5-lts.packages", "felix-7.packages");

        private final boolean java;
        private final List<String> lists;

        Host(boolean java, String... lists) {
            this.java = java;
            this.lists = List.of(lists);
        }

        HostFramework framework() throws IOException {
            return HostFramework.of(lists, java);
        }
    }

    private static final String WEB = "org.patchreel.web";
    private static final String BROKER = "org.patchreel.broker";
    private static final String REMOTE = "org.patchreel.remote";
    private static final String POLICY = "org.patchreel.policy";

    private static final Set<String> SERVLETS =
            Set.of("javax.servlet", "javax.servlet.http", "jakarta.servlet", "jakarta.servlet.http");

    private static final Set<String> ADAPTERS = Set.of("org.patchreel.aem", "org.patchreel.sling");

    @ParameterizedTest
    @EnumSource
    void theBundlesResolve(Host host) throws Exception {
        List<Resource> bundles = bundles();
        assertEquals(
                List.of(
                        "org.patchreel.broker",
                        "org.patchreel.model-runtime",
                        "org.patchreel.model-runtime.natives.cpu.linux-x86_64",
                        "org.patchreel.plugin-api",
                        "org.patchreel.plugin-impl",
                        "org.patchreel.policy",
                        "org.patchreel.remote",
                        "org.patchreel.starter-model",
                        "org.patchreel.web"),
                bundles.stream().map(ResourceUtils::getIdentity).sorted().toList());
        Map<String, Map<String, String>> packages = host.framework().resolve(bundles);
        Map<String, String> plugin = packages.getOrDefault("org.patchreel.plugin-impl", Map.of());
        assertEquals("host", plugin.get("org.slf4j"));
        assertEquals("org.patchreel.plugin-api", plugin.get("org.patchreel.api"));
    }

    @ParameterizedTest
    @EnumSource
    void theOthersResolveWithoutTheBundlesThatMayBeLeftOut(Host host) throws Exception {
        List<Resource> others = bundles(name ->
                !ADAPTERS.contains(name) && !Set.of(WEB, BROKER, REMOTE, POLICY).contains(name));
        Map<String, Map<String, String>> packages = host.framework().resolve(others);
        assertEquals(
                "org.patchreel.plugin-api",
                packages.getOrDefault("org.patchreel.plugin-impl", Map.of()).get("org.patchreel.spi"));
        packages.forEach((bundle, imported) -> assertEquals(Set.of(), servlets(imported), bundle));
    }

    @ParameterizedTest
    @EnumSource
    void theBundleForHttpTakesTheServletsThatTheHostHas(Host host) throws Exception {
        Set<String> expected = Map.of(
                        Host.KARAF,
                        Set.<String>of(),
                        Host.SLING,
                        Set.of("javax.servlet", "javax.servlet.http"),
                        Host.AEM_CLOUD,
                        SERVLETS,
                        Host.AEM_65,
                        SERVLETS)
                .get(host);
        Map<String, Map<String, String>> packages = host.framework().resolve(bundles());
        assertEquals(expected, servlets(packages.getOrDefault(WEB, Map.of())));
    }

    @ParameterizedTest
    @EnumSource
    void theClientOfAnotherMachineNeedsTheApiAndTheHostAlone(Host host) throws Exception {
        List<Resource> client = bundles(Set.of(REMOTE, "org.patchreel.plugin-api")::contains);
        assertEquals(2, client.size());
        Map<String, String> packages = host.framework().resolve(client).getOrDefault(REMOTE, Map.of());
        assertEquals("org.patchreel.plugin-api", packages.get("org.patchreel.api"));
        assertEquals("host", packages.get("org.slf4j"));
    }

    private static Set<String> servlets(Map<String, String> imported) {
        return imported.keySet().stream()
                .filter(name -> name.startsWith("javax.servlet") || name.startsWith("jakarta.servlet"))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource
    void noBundleTakesTheHostsJsonCryptographyOrDatabase(Host host) throws Exception {
        host.framework().resolve(bundles()).forEach((bundle, packages) -> {
            for (String name : packages.keySet()) {
                assertTrue(
                        !name.startsWith("com.fasterxml.jackson")
                                && !name.startsWith("org.apache.activemq")
                                && !name.startsWith("jakarta.jms")
                                && !name.startsWith("com.google.gson")
                                && !name.startsWith("org.bouncycastle")
                                && !name.startsWith("org.sqlite"),
                        bundle + " imports " + name);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KARAF")
    void slf4jOfTheSecondGenerationAloneWouldNotResolve(Host host) throws Exception {
        assertLacks(host, "org.slf4j;version=\"[2.0,3)\"", "org.slf4j");
    }

    @ParameterizedTest
    @EnumSource
    void ourJacksonWouldNotResolve(Host host) throws Exception {
        assertLacks(host, "com.fasterxml.jackson.databind;version=\"[2.22,3)\"", "com.fasterxml.jackson.databind");
    }

    @Test
    void aHostsOwnPackagesResolveInThatHostAlone() throws Exception {
        List<Resource> adapter = bundles(Set.of("org.patchreel.aem", "org.patchreel.plugin-api")::contains);
        assertEquals(2, adapter.size());
        for (Host host : List.of(Host.AEM_CLOUD, Host.AEM_65)) {
            Map<String, String> packages =
                    host.framework().resolve(adapter).getOrDefault("org.patchreel.aem", Map.of());
            assertEquals("host", packages.get("com.day.cq.dam.api"));
            assertEquals("host", packages.get("com.adobe.granite.workflow.exec"));
            assertEquals("org.patchreel.plugin-api", packages.get("org.patchreel.workflow"));
        }
        HostFramework sling = Host.SLING.framework();
        String message = assertThrows(ResolutionException.class, () -> sling.resolve(adapter))
                .toString();
        assertTrue(message.contains("com.day.cq.dam.api") || message.contains("com.adobe.granite"), message);
    }

    @Test
    void theAdapterForSlingResolvesInSlingAndNotInKaraf() throws Exception {
        List<Resource> adapter = bundles(Set.of("org.patchreel.sling", "org.patchreel.plugin-api")::contains);
        assertEquals(2, adapter.size());
        Map<String, String> packages =
                Host.SLING.framework().resolve(adapter).getOrDefault("org.patchreel.sling", Map.of());
        assertEquals("host", packages.get("org.apache.sling.event.jobs.consumer"));
        assertEquals("org.patchreel.plugin-api", packages.get("org.patchreel.workflow"));
        HostFramework karaf = Host.KARAF.framework();
        String message = assertThrows(ResolutionException.class, () -> karaf.resolve(adapter))
                .toString();
        assertTrue(message.contains("org.apache.sling") || message.contains("javax."), message);
    }

    private static void assertLacks(Host host, String imports, String name) throws IOException {
        HostFramework framework = host.framework();
        Resource bundle = importing(imports);
        String message = assertThrows(ResolutionException.class, () -> framework.resolve(List.of(bundle)))
                .toString();
        assertTrue(message.contains(name), message);
    }

    private static Resource importing(String imports) {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "importer");
        headers.putValue("Bundle-Version", "1.0.0");
        headers.putValue("Import-Package", imports);
        return HostFramework.bundle(Domain.domain(manifest));
    }

    /** {@return the bundles of Patchreel on the class path that belong to no host} */
    private static List<Resource> bundles() throws IOException {
        return bundles(Predicate.not(ADAPTERS::contains));
    }

    private static List<Resource> bundles(Predicate<String> names) throws IOException {
        List<Resource> bundles = new ArrayList<>();
        for (URL url :
                Collections.list(HostResolutionTest.class.getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
            try (InputStream in = url.openStream()) {
                Manifest manifest = new Manifest(in);
                String name = manifest.getMainAttributes().getValue("Bundle-SymbolicName");
                if (name != null && name.startsWith("org.patchreel.") && names.test(name)) {
                    bundles.add(HostFramework.bundle(Domain.domain(manifest)));
                }
            }
        }
        return bundles;
    }
}
