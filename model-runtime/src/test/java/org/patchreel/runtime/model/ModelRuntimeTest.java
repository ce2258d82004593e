package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

class ModelRuntimeTest {

    @Test
    void loadsNoLibrariesFromAFolderThatAllUsersShare() {
        BundleContext withoutFiles = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> null);
        String message = String.valueOf(assertThrows(
                        IllegalStateException.class, () -> new ModelRuntime(withoutFiles, new Defaults(), Map.of()))
                .getMessage());
        assertTrue(message.contains("neither cache nor the framework property patchreel.home is set"), message);
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
