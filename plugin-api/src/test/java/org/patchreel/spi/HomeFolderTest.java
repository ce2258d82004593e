package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

class HomeFolderTest {

    @Test
    void relativePathsStartAtTheProperty() {
        HomeFolder home = home("/srv/patchreel");
        assertEquals(Path.of("/srv/patchreel/secrets"), home.resolve("secrets"));
        assertEquals(Path.of("/etc/key.p12"), home.resolve("/etc/key.p12"));
    }

    @Test
    void relativePathsStartAtTheWorkingDirectoryWithoutTheProperty() {
        for (HomeFolder home : new HomeFolder[] {home(null), home("")}) {
            assertTrue(home.configured().isEmpty());
            assertEquals(Path.of("secrets").toAbsolutePath(), home.resolve("secrets"));
        }
    }

    private static HomeFolder home(@Nullable String property) {
        return HomeFolder.of((BundleContext) Proxy.newProxyInstance(
                HomeFolderTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    assertEquals("getProperty", method.getName());
                    assertEquals("patchreel.home", arguments[0]);
                    return property;
                }));
    }
}
