package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.service.ServiceExtension;

/** A script that the host runs at its start. */
@ExtendWith(ServiceExtension.class)
@Timeout(300)
class StartScriptTest {

    @Test
    void runsTheConfiguredScriptWithItsArguments(
            @TempDir Path folder, @InjectService(timeout = 30_000) ConfigurationAdmin configurations) throws Exception {
        Path table = Files.writeString(folder.resolve("shots.jsonl"), "{\"name\":\"one\",\"prompt\":\"a red ball\"}\n");
        Path script =
                Files.writeString(folder.resolve("start.gogo"), "batch $1 --steps 1 --size 64x64 --out $2 --json\n");
        Path out = folder.resolve("out");
        Configuration configuration = configurations.createFactoryConfiguration("org.patchreel.script", "?");
        configuration.update(FrameworkUtil.asDictionary(
                Map.of("file", script.toString(), "arguments", new String[] {table.toString(), out.toString()})));
        try {
            Path report = out.resolve("report.json");
            while (!Files.exists(report) || !Files.readString(report).contains("\"done\" : 1")) {
                Thread.sleep(100);
            }
            assertTrue(Files.size(out.resolve("one.mp4")) > 1000);
        } finally {
            configuration.delete();
        }
    }
}
