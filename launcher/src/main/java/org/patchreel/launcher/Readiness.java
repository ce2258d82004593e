package org.patchreel.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;

/**
 * Waits until the models are there. They are registered by threads of the configuration admin and of the model runtime,
 * which may still be at it when all bundles are started.
 */
final class Readiness {

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int POLL_MILLIS = 20;

    private static final String MODEL_SERVICE = "org.patchreel.spi.VideoModel";
    private static final String MODEL_HEADER = "Patchreel-Checkpoint";
    private static final String MODEL_FILES = "org.patchreel.model-*.{cfg,config}";

    private Readiness() {}

    /** Waits for a model from each bundle and each configuration file, up to a limit: a model may be unable to register. */
    static void awaitModels(BundleContext context) throws InterruptedException {
        long expected = modelBundles(context) + modelFiles(context.getProperty("felix.fileinstall.dir"));
        long begin = System.nanoTime();
        while (models(context) < expected && System.nanoTime() - begin < MAX_NANOS) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static int models(BundleContext context) {
        try {
            var references = context.getAllServiceReferences(MODEL_SERVICE, null);
            return references == null ? 0 : references.length;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long modelBundles(BundleContext context) {
        return Stream.of(context.getBundles())
                .filter(bundle -> bundle.getState() == Bundle.ACTIVE)
                .filter(bundle -> bundle.getHeaders().get(MODEL_HEADER) != null)
                .count();
    }

    static long modelFiles(@Nullable String folder) {
        if (folder == null || !Files.isDirectory(Path.of(folder))) {
            return 0;
        }
        long count = 0;
        try (var files = Files.newDirectoryStream(Path.of(folder), MODEL_FILES)) {
            for (Path file : files) {
                count += Files.isRegularFile(file) ? 1 : 0;
            }
            return count;
        } catch (IOException e) {
            return 0;
        }
    }
}
