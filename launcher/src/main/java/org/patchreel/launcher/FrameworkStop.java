package org.patchreel.launcher;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Stops the framework when the process is told to end, so that a running generation clears away what it made. */
final class FrameworkStop {

    private static final long MOST_MILLIS = TimeUnit.SECONDS.toMillis(90);

    private FrameworkStop() {}

    static void whenTheProcessIsTerminated(BundleContext context) {
        Framework framework = Objects.requireNonNull(
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(Framework.class));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(framework), "patchreel-shutdown"));
    }

    private static void stop(Framework framework) {
        try {
            framework.stop();
            framework.waitForStop(MOST_MILLIS);
        } catch (BundleException e) {
            System.err.println(PrintableLine.of("patchreel: the framework does not stop: " + e.getMessage()));
        } catch (InterruptedException e) {
            // The virtual machine ends at once.
        }
    }
}
