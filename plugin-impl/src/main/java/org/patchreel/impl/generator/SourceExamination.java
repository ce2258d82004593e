package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Looks for marks and manifests in the sources of an order, on a thread of its own while the clip is made. What takes too long or
 * cannot be read is left unknown, and a note says so. Used by one thread; closing it ends what still runs.
 */
final class SourceExamination implements AutoCloseable {

    private final Map<String, Future<SourceOrigin>> found = new LinkedHashMap<>();
    private final Map<String, SourceOrigin> origins = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final ExecutorService thread;

    /**
     * Begins.
     *
     * @param order whose sources are examined, each file once
     * @param files finds them
     * @param reader looks at one
     */
    SourceExamination(WorkOrder order, SourceFiles files, OriginReader reader) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, "patchreel-sources-" + order.id());
            daemon.setDaemon(true);
            return daemon;
        });
        for (WorkSource source : order.sources()) {
            found.computeIfAbsent(
                    source.file().sha256(),
                    digest -> thread.submit(() -> reader.read(source, files.path(source.file()))));
        }
        thread.shutdown();
    }

    /**
     * Waits for the end.
     *
     * @param order whose sources are examined
     * @param longest to wait for all of them together
     * @throws GenerationCancelledException if the thread is interrupted
     */
    void await(WorkOrder order, Duration longest) throws GenerationCancelledException {
        long end = System.nanoTime() + longest.toNanos();
        for (WorkSource source : order.sources()) {
            String digest = source.file().sha256();
            Future<SourceOrigin> origin = found.get(digest);
            if (origin == null || origins.containsKey(digest)) {
                continue;
            }
            try {
                origins.put(digest, origin.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new GenerationCancelledException();
            } catch (TimeoutException e) {
                leave(source, "it takes longer than " + longest.toSeconds() + " s");
            } catch (ExecutionException e) {
                Throwable cause = e.getCause();
                leave(
                        source,
                        cause instanceof IOException || cause instanceof RuntimeException
                                ? Blame.inOneLine(cause)
                                : String.valueOf(cause));
            }
        }
    }

    private void leave(WorkSource source, String reason) {
        origins.put(source.file().sha256(), SourceOrigin.UNKNOWN);
        notes.add(source.file().name() + " was not searched for a watermark and a manifest: " + reason);
    }

    /** {@return what was found in a source, after the end} */
    SourceOrigin of(WorkSource source) {
        return origins.getOrDefault(source.file().sha256(), SourceOrigin.UNKNOWN);
    }

    /** {@return what was left out, a sentence each} */
    List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
