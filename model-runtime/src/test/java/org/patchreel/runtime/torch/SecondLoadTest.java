package org.patchreel.runtime.torch;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an updated bundle is: the same classes again, from another class loader, in a process that holds libtorch. */
class SecondLoadTest {

    @Test
    void theClassesOfASecondClassLoaderAreRefusedInsteadOfEndingTheProcess() throws Exception {
        TorchEngine.newManager(Device.cpu()).close();
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(":", -1)) {
            path.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> second = loader.loadClass(TorchEngine.class.getName());
            assertNotSame(TorchEngine.class, second);
            Method version = second.getMethod("version");
            InvocationTargetException refused =
                    assertThrows(InvocationTargetException.class, () -> version.invoke(null));
            String reason = String.valueOf(refused.getCause());
            assertTrue(reason.endsWith("cannot be loaded twice: restart the process"), reason);
        }
        assertTrue(TorchEngine.version().startsWith("libtorch "), "the first goes on");
    }
}
