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
 * Waits until the models, and a configured endpoint that expands prompts, are there. They are registered by threads of the
 * configuration admin and of the model runtime, which may still be at it when all bundles are started. Without a model nothing
 * is generated; without the endpoint the first prompt would not be expanded.
 */
final class Readiness {

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int POLL_MILLIS = 20;

    private static final String MODEL_SERVICE = "org.patchreel.spi.VideoModel";
    private static final String MODEL_HEADER = "Patchreel-Checkpoint";
    private static final String EXPANDER_SERVICE = "org.patchreel.spi.PromptExpander";
    private static final String EXPANDER = "(service.pid=org.patchreel.prompt)";
    private static final String EXPANDER_FILES = "org.patchreel.prompt.{cfg,config}";
    private static final String MODEL_FILES = "org.patchreel.model-*.{cfg,config}";

    private Readiness() {}

    /**
     * Waits for a model from each bundle and each configuration file, and for the configured expander, up to a limit: a model may
     * be unable to register.
     */
    static void await(BundleContext context) throws InterruptedException {
        @Nullable String folder = context.getProperty("felix.fileinstall.dir");
        long models = modelBundles(context) + files(folder, MODEL_FILES);
        long expanders = files(folder, EXPANDER_FILES) == 0 ? 0 : 1;
        long begin = System.nanoTime();
        while ((services(context, MODEL_SERVICE, null) < models
                        || services(context, EXPANDER_SERVICE, EXPANDER) < expanders)
                && System.nanoTime() - begin < MAX_NANOS) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static int services(BundleContext context, String type, @Nullable String filter) {
        try {
            var references = context.getAllServiceReferences(type, filter);
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
        return files(folder, MODEL_FILES);
    }

    private static long files(@Nullable String folder, String pattern) {
        if (folder == null || !Files.isDirectory(Path.of(folder))) {
            return 0;
        }
        long count = 0;
        try (var files = Files.newDirectoryStream(Path.of(folder), pattern)) {
            for (Path file : files) {
                count += Files.isRegularFile(file) ? 1 : 0;
            }
            return count;
        } catch (IOException e) {
            return 0;
        }
    }
}
