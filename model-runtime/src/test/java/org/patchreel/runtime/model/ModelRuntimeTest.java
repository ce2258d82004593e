package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.patchreel.api.GenerationException;
import org.patchreel.runtime.torch.TorchEngine;

class ModelRuntimeTest {

    /** The engine is one for the process: other tests shall find it as it was. */
    @AfterEach
    void configureTheEngineAgain() {
        TorchEngine.configure(
                new TorchEngine.Settings(Path.of(System.getProperty("DJL_CACHE_DIR")), Optional.empty(), "cu128", 0));
    }

    @Test
    void loadsNoLibrariesFromAFolderThatAllUsersShare() {
        BundleContext withoutFiles = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> null);
        String problem = new ModelRuntime(withoutFiles, new Defaults(), Map.of())
                .problem()
                .orElseThrow()
                .line();
        assertTrue(problem.contains("neither cache nor the framework property patchreel.home is set"), problem);
        GenerationException refusal = assertThrows(GenerationException.class, () -> TorchEngine.checkDevice("cpu"));
        assertTrue(refusal.getMessage().contains("there is no folder for native libraries"), refusal.getMessage());
    }

    private record Defaults() implements ModelRuntime.Config {

        @Override
        public Class<? extends Annotation> annotationType() {
            return ModelRuntime.Config.class;
        }

        @Override
        public int threads() {
            return 0;
        }

        @Override
        public String libtorch() {
            return "";
        }

        @Override
        public String flavor() {
            return "";
        }

        @Override
        public String cache() {
            return "";
        }
    }
}
