package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Objects;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.VideoModel;

/** What is there once all bundles are started. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
class InstallationTest {

    private BundleContext context;
    private VideoModel model;
    private CommandProcessor console;

    @BeforeEach
    void inject(
            @InjectBundleContext BundleContext bundleContext,
            @InjectService(timeout = 30_000) VideoModel videoModel,
            @InjectService(timeout = 30_000) CommandProcessor commandProcessor) {
        context = bundleContext;
        model = videoModel;
        console = commandProcessor;
    }

    @Test
    void everyBundleIsResolvedAndThoseThatAreNoFragmentsAreActive() {
        for (Bundle bundle : context.getBundles()) {
            boolean fragment = bundle.getHeaders().get("Fragment-Host") != null;
            assertEquals(fragment ? Bundle.RESOLVED : Bundle.ACTIVE, bundle.getState(), bundle.getSymbolicName());
        }
        assertEquals(
                context.getProperty("org.patchreel.test.framework"),
                context.getBundle(0).getSymbolicName());
    }

    @Test
    void theStarterModelIsReady() {
        assertEquals("starter", model.descriptor().name());
        assertNotEquals(ModelHealth.Status.UNAVAILABLE, model.health().status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"generate", "models", "jobs", "assets", "show", "verify", "doctor"})
    void helpDescribesTheCommandsWithAnExample(String command) throws Exception {
        String help = run("felix:help patchreel:" + command);
        assertTrue(help.contains(": " + command), help);
    }

    @Test
    void doctorFindsNothingWrong() throws Exception {
        String report = run("patchreel:doctor");
        assertTrue(report.contains("model starter"), report);
        assertTrue(report.lines().noneMatch(line -> line.startsWith("WRONG")), report);
    }

    @Test
    void nothingNeedsTheBundleForHttp() throws Exception {
        Bundle web = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals("org.patchreel.web"))
                .findFirst()
                .orElseThrow();
        web.uninstall();
        try {
            doctorFindsNothingWrong();
            modelsListsTheStarterModelAsTheDefault();
        } finally {
            // not by the injected context, which takes back after the test what was installed by it
            FrameworkUtil.getBundle(InstallationTest.class)
                    .getBundleContext()
                    .installBundle(web.getLocation())
                    .start();
        }
    }

    @Test
    void modelsListsTheStarterModelAsTheDefault() throws Exception {
        assertTrue(run("patchreel:models").contains("starter (default)"));
    }

    private String run(String command) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, UTF_8);
        try (CommandSession session = console.createSession(new ByteArrayInputStream(new byte[0]), stream, stream)) {
            Object result = session.execute(command);
            // Commands print, or return what a shell prints.
            stream.println(Objects.requireNonNullElse(result, ""));
        }
        return out.toString(UTF_8);
    }
}
