package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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
