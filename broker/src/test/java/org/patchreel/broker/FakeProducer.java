package org.patchreel.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.Media;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.OrderProducer;

/**
 * Carries out orders that are commands: {@code clip BYTES}, {@code slow BYTES CENTISECONDS}, {@code wait}, {@code fail}, {@code crash}, {@code
 * source SHA256}.
 */
public final class FakeProducer implements OrderProducer {

    /** What this worker has begun with. */
    public final Queue<String> begun = new ConcurrentLinkedQueue<>();

    /** What this worker was told to stop. */
    public final Queue<String> cancelled = new ConcurrentLinkedQueue<>();

    private final Map<String, CountDownLatch> released = new ConcurrentHashMap<>();

    /** Lets the orders {@code wait} end. */
    public void release() {
        released.computeIfAbsent("wait", key -> new CountDownLatch(1)).countDown();
    }

    /** {@return the bytes of a clip of this size} */
    public static byte[] clip(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Override
    public void check() {}

    @Override
    public List<Media.Upload> sources(String order) {
        return order.startsWith("source ")
                ? List.of(new Media.Upload(order.substring("source ".length()), "picture.png"))
                : List.of();
    }

    @Override
    public String produce(String order, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        begun.add(order);
        String[] words = order.split(" ", -1);
        try {
            monitor.progress(new GenerationProgress(Stage.SAMPLING, 1, 2));
            switch (words[0]) {
                case "clip", "source" -> {}
                case "slow" -> {
                    for (int i = 0; i < Integer.parseInt(words[2]); i++) {
                        monitor.checkCancelled();
                        Thread.sleep(10);
                    }
                }
                case "wait" -> {
                    CountDownLatch end = released.computeIfAbsent("wait", key -> new CountDownLatch(1));
                    while (end.getCount() > 0) {
                        if (monitor.cancelled()) {
                            cancelled.add(order);
                            throw new GenerationCancelledException();
                        }
                        Thread.sleep(10);
                    }
                }
                case "fail" -> throw new GenerationException(GenerationException.Reason.MEMORY, "memory ran out");
                case "crash" -> throw new IllegalStateException("a fault");
                default -> throw new IllegalArgumentException("no order: " + order);
            }
            int size = words[0].equals("clip") || words[0].equals("slow") ? Integer.parseInt(words[1]) : 1000;
            Files.write(directory.resolve("clip.mp4"), clip(size));
            Files.write(directory.resolve("poster.jpg"), new byte[0]);
            monitor.progress(new GenerationProgress(Stage.DECODING, 17, 17));
            return "{\"made\":\"" + order + "\"}";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new GenerationCancelledException();
        }
    }

    /** {@return the names of the files in a folder} */
    public static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
