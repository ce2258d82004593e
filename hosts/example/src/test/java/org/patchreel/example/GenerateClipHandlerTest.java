package org.patchreel.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.SourceStore;
import org.patchreel.contract.GenerateClipStepContract;
import org.patchreel.contract.ScriptedGenerator;
import org.patchreel.example.OperationHandler.Action;

/** The contract, against the imaginary host. */
class GenerateClipHandlerTest extends GenerateClipStepContract {

    @TempDir
    Path folder;

    private final List<Instance> instances = new ArrayList<>();
    private final List<MediaPackage.Track> files = new ArrayList<>();
    private @Nullable ScriptedGenerator present;
    private @Nullable SourceStore sources;

    @TempDir
    Path recordings;

    @Override
    protected void start(ScriptedGenerator generator) {
        present = generator;
        sources = generator.sources();
    }

    @Override
    protected void removeSourceStore() {
        sources = null;
    }

    @Override
    protected String file(String name, byte[] content) throws Exception {
        MediaPackage.Track track =
                new MediaPackage.Track("recording " + name, Files.write(recordings.resolve(name), content));
        files.add(track);
        return track.title();
    }

    @Override
    protected Workflow beginOn(Map<String, String> arguments, String file) {
        files.sort(Comparator.comparing(track -> !track.title().equals(file)));
        return begin(arguments, Map.of());
    }

    @Override
    protected void removeGenerator() {
        present = null;
    }

    @Override
    protected Workflow begin(Map<String, String> arguments, Map<String, String> properties) {
        MediaPackage mediaPackage = new MediaPackage(properties);
        files.forEach(mediaPackage::add);
        Instance instance = new Instance("OPERATION" + instances.size(), arguments, mediaPackage);
        instances.add(instance);
        instance.begin(present);
        return instance;
    }

    /** A workflow of one operation, executed as the host's API promises. */
    private final class Instance implements Workflow, Operation {
        private final String id;
        private final Map<String, String> configuration;
        private final MediaPackage mediaPackage;
        private CompletableFuture<Ended> ended = new CompletableFuture<>();
        private volatile boolean stopped;
        private volatile String told = "";
        private @Nullable Thread thread;
        private @Nullable GenerateClipHandler current;

        Instance(String id, Map<String, String> configuration, MediaPackage mediaPackage) {
            this.id = id;
            this.configuration = configuration;
            this.mediaPackage = mediaPackage;
        }

        void begin(@Nullable ScriptedGenerator with) {
            GenerateClipHandler handler = new GenerateClipHandler();
            handler.generator = with;
            handler.sources = sources;
            current = handler;
            CompletableFuture<Ended> end = new CompletableFuture<>();
            ended = end;
            thread = new Thread(() -> end.complete(execute(handler)));
            thread.start();
        }

        private Ended execute(GenerateClipHandler handler) {
            try {
                return handler.start(this) == Action.CONTINUE
                        ? new Ended(
                                End.COMPLETED,
                                "",
                                mediaPackage.tracks().stream()
                                        .filter(track -> !files.contains(track))
                                        .map(track -> track.file().toString())
                                        .findFirst())
                        : new Ended(End.REFUSED, told, Optional.empty());
            } catch (OperationException e) {
                return new Ended(
                        stopped ? End.CANCELLED : End.FAILED, String.valueOf(e.getMessage()), Optional.empty());
            }
        }

        @Override
        public Ended await() throws Exception {
            return ended.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void stop() {
            stopped = true;
        }

        @Override
        public void restart() throws Exception {
            end();
            begin(generator);
        }

        @Override
        public void updateStep() throws Exception {
            Objects.requireNonNull(current).stop();
            assertEquals(End.FAILED, await().end());
            begin(generator);
        }

        void end() throws InterruptedException {
            Thread running = thread;
            if (running != null) {
                running.interrupt();
                running.join();
            }
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public Map<String, String> configuration() {
            return configuration;
        }

        @Override
        public MediaPackage mediaPackage() {
            return mediaPackage;
        }

        @Override
        public String startedBy() {
            return user();
        }

        @Override
        public boolean stopped() {
            return stopped;
        }

        @Override
        public void tell(String message) {
            told = message;
        }
    }

    @Override
    protected String user() {
        return "anna";
    }

    @Override
    protected String folder() {
        return folder.toString();
    }

    @Override
    protected Optional<String> forbiddenFolder() {
        return Optional.empty(); // tests may run as root, who may write everywhere
    }

    @Override
    protected byte[] clip(String asset) throws Exception {
        return Files.readAllBytes(Path.of(asset));
    }

    @Override
    protected String title(String asset) {
        return instances.stream()
                .flatMap(instance -> instance.mediaPackage().tracks().stream())
                .filter(track -> track.file().toString().equals(asset))
                .map(MediaPackage.Track::title)
                .findFirst()
                .orElseThrow();
    }

    @Override
    protected int clips() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    @Override
    protected void close() throws Exception {
        for (Instance instance : instances) {
            instance.end();
        }
    }
}
