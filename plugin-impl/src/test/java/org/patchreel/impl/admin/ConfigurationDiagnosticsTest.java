package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.Settings;

class ConfigurationDiagnosticsTest {

    @Test
    void namesFileKeyAndValueOfAConfigurationThatIsNotInUse() {
        Map<String, String> properties =
                Map.of("codec", "vp9", "felix.fileinstall.filename", "file:/home/me/conf/org.patchreel.media.cfg");
        ComponentStatus component = new Settings<>("org.patchreel.media", properties, this::refuse);
        List<Problem> problems = ConfigurationDiagnostics.problems(List.of(component, Optional::empty, component));
        assertEquals(
                List.of(Finding.bad(
                        "configuration org.patchreel.media",
                        "codec = vp9, expected h264 or av1 (in /home/me/conf/org.patchreel.media.cfg)",
                        "correct /home/me/conf/org.patchreel.media.cfg")),
                ConfigurationDiagnostics.refused(problems));
    }

    private String refuse(ConfigurationValues values) {
        throw values.refused("codec", "expected h264 or av1");
    }

    @Test
    void tellsWhatAComponentComplainsOfWithoutTheExceptionsAroundIt() {
        Finding finding = ConfigurationDiagnostics.failed(
                description(),
                failed(
                        new InvocationTargetException(new IllegalArgumentException("a token must have 16 characters")),
                        Map.of(
                                "service.pid",
                                "org.patchreel.resolution",
                                "felix.fileinstall.filename",
                                "file:/etc/org.patchreel.resolution.cfg")));
        assertEquals(
                Finding.bad(
                        "component org.patchreel.Resolution",
                        "org.patchreel.resolution: a token must have 16 characters",
                        "correct /etc/org.patchreel.resolution.cfg"),
                finding);
    }

    @Test
    void tellsTheClassOfAnExceptionThatHasNoMessage() {
        Finding finding = ConfigurationDiagnostics.failed(description(), failed(new IllegalStateException(), Map.of()));
        assertTrue(finding.state().contains("IllegalStateException"), finding.state());
        assertEquals("see the host's log", finding.remedy());
    }

    @Test
    void namesAConfigurationThatIsInForceAlthoughItsFileIsGone(@TempDir Path folder) throws IOException {
        Path kept = Files.createFile(folder.resolve("org.patchreel.media.cfg"));
        Path gone = folder.resolve("org.patchreel.model-wan.cfg");
        List<Finding> findings = ConfigurationDiagnostics.withoutFile(
                runtime(configured("org.patchreel.media", kept), configured("org.patchreel.model~wan", gone)),
                List.of(description()));
        assertEquals(
                List.of(Finding.soon(
                        "configuration org.patchreel.model~wan",
                        "is in force although its file " + gone + " is gone",
                        "write the file anew, or delete the configuration (in Karaf: config:delete"
                                + " org.patchreel.model~wan)")),
                findings);
    }

    private static ComponentConfigurationDTO configured(String pid, Path file) {
        ComponentConfigurationDTO component = new ComponentConfigurationDTO();
        component.properties = Map.of(
                "service.pid", pid, "felix.fileinstall.filename", file.toUri().toString());
        return component;
    }

    /** Answers the one question that is asked. */
    private static ServiceComponentRuntime runtime(ComponentConfigurationDTO... components) {
        return (ServiceComponentRuntime) Proxy.newProxyInstance(
                ServiceComponentRuntime.class.getClassLoader(),
                new Class<?>[] {ServiceComponentRuntime.class},
                (proxy, method, arguments) -> {
                    assertEquals("getComponentConfigurationDTOs", method.getName());
                    return List.of(components);
                });
    }

    private static ComponentDescriptionDTO description() {
        ComponentDescriptionDTO description = new ComponentDescriptionDTO();
        description.name = "org.patchreel.Resolution";
        return description;
    }

    /** As Declarative Services tell of it: the stack trace as text. */
    private static ComponentConfigurationDTO failed(Exception exception, Map<String, Object> properties) {
        StringWriter trace = new StringWriter();
        exception.printStackTrace(new PrintWriter(trace, true));
        ComponentConfigurationDTO component = new ComponentConfigurationDTO();
        component.failure = trace.toString();
        component.properties = properties;
        return component;
    }
}
