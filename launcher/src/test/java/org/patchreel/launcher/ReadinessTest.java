package org.patchreel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {

    @Test
    void expectsAModelOfEachConfigurationFile(@TempDir Path conf) throws IOException {
        Files.createFile(conf.resolve("org.patchreel.model-wan.cfg"));
        Files.createFile(conf.resolve("org.patchreel.model-big.config"));
        Files.createFile(conf.resolve("org.patchreel.model-old.cfg.bak"));
        Files.createFile(conf.resolve("org.patchreel.media.cfg"));
        assertEquals(2, Readiness.modelFiles(conf.toString()));
    }

    @Test
    void expectsNoneWithoutAFolder() {
        assertEquals(0, Readiness.modelFiles(null));
        assertEquals(0, Readiness.modelFiles("/no/such/folder"));
    }
}
