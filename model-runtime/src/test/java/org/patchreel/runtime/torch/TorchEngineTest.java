package org.patchreel.runtime.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.engine.EngineException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TorchEngineTest {

    private static final Optional<Path> CACHE = Optional.of(Path.of("/srv/natives"));

    @Test
    void namesTheFolderOfLibrariesThatIsMountedNoexec() {
        EngineException failure = failure("failed to map segment from shared object");
        assertEquals(
                "/srv/natives is on a file system that is mounted noexec, from which native libraries cannot be loaded:"
                        + " set cache in the configuration org.patchreel.runtime, or PATCHREEL_HOME, to a folder on"
                        + " another",
                TorchEngine.explained(failure, CACHE).getMessage());
    }

    @Test
    void leavesOtherFailuresAsTheyAre() {
        for (EngineException failure : new EngineException[] {
            failure("failed to map segment from shared object: Cannot allocate memory"),
            failure("cannot open shared object file: No such file or directory"),
            new EngineException("no engine")
        }) {
            assertSame(failure, TorchEngine.explained(failure, CACHE));
        }
    }

    private static EngineException failure(String reason) {
        String library = "/srv/natives/pytorch/libgomp.so.1";
        return new EngineException(
                "Failed to load PyTorch native library",
                new UnsatisfiedLinkError(library + ": " + library + ": " + reason));
    }
}
