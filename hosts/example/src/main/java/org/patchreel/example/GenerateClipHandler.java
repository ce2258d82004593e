package org.patchreel.example;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.Media;
import org.patchreel.api.Requester;
import org.patchreel.api.SourceStore;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.workflow.GenerateClipInput;
import org.patchreel.workflow.GenerateClipStep;
import org.patchreel.workflow.StepPayload;
import org.patchreel.workflow.StepState;

/** The adapter: makes a clip and adds it to the media package. Safe for use from any thread. */
@Component(service = OperationHandler.class)
public final class GenerateClipHandler extends OperationHandler {

    private final GenerateClipStep step =
            new GenerateClipStep(() -> Optional.ofNullable(this.generator), () -> Optional.ofNullable(this.sources));

    /** It may come and go: without one the step says so. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable VideoGenerator generator;

    /** As the generator: it is needed only if the configuration names pictures or clips. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable SourceStore sources;

    /** Waits no longer: the jobs go on, and the host starts their operations again when a handler is there, which finds them. */
    @Deactivate
    void stop() {
        step.stop();
    }

    @Override
    public String name() {
        return "generate-clip";
    }

    @Override
    public Action start(Operation operation) throws OperationException {
        try {
            GenerateClipInput input = GenerateClipInput.of(operation.configuration());
            StepPayload payload = new Payload(operation.mediaPackage());
            // A clip takes minutes: what would keep it from being stored is found out before.
            Path folder = folder(input, payload);
            Requester by = Requester.of(operation.startedBy());
            StepState.Outcome outcome =
                    step.run(operation.id(), input.withoutFolder(), payload, by, new Monitor(operation));
            return outcome.<Action, OperationException>fold(
                    generated -> {
                        operation.mediaPackage().add(store(generated.asset(), folder));
                        return Action.CONTINUE;
                    },
                    refused -> {
                        operation.tell(refused.comment());
                        return Action.SKIP;
                    },
                    failed -> {
                        throw new OperationException(failed.comment());
                    },
                    cancelled -> {
                        throw new OperationException(cancelled.comment());
                    });
        } catch (IllegalArgumentException | IOException e) {
            throw new OperationException(String.valueOf(e.getMessage()));
        }
    }

    private static Path folder(GenerateClipInput input, StepPayload payload) throws IOException {
        if (input.folder().isEmpty()) {
            throw new IllegalArgumentException("the operation's configuration has no folder");
        }
        Path folder = Path.of(input.folder().get().fill(payload));
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new IOException("folder " + folder + " is not there or may not be written to");
        }
        return folder;
    }

    /** The ID in the name makes it unique, and a second attempt after a crash replaces the first. */
    private static MediaPackage.Track store(StoredAsset asset, Path folder) throws OperationException {
        AssetFile own = asset.metadata().kind().file();
        Path file = folder.resolve(asset.reference().id() + own.extension());
        Path part = folder.resolve(asset.reference().id() + ".part");
        try {
            try (InputStream clip = Channels.newInputStream(asset.open(own))) {
                Files.copy(clip, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new OperationException(String.valueOf(e.getMessage()));
        }
        return new MediaPackage.Track(asset.metadata().title().orElse("Generated clip"), file);
    }

    private record Payload(MediaPackage mediaPackage) implements StepPayload {
        @Override
        public Optional<String> property(String name) {
            return Optional.ofNullable(mediaPackage.properties().get(name));
        }

        @Override
        public Optional<String> text(Optional<String> path) {
            return Optional.empty(); // this host has no text assets
        }

        /** A path is the title of a track; the payload is the first one. */
        @Override
        public Optional<Media> media(Optional<String> path, SourceStore store) throws IOException {
            Optional<MediaPackage.Track> track = mediaPackage.tracks().stream()
                    .filter(each -> path.isEmpty() || each.title().equals(path.get()))
                    .findFirst();
            if (track.isEmpty()) {
                return Optional.empty();
            }
            Path file = track.get().file();
            try (InputStream in = Files.newInputStream(file)) {
                return Optional.of(store.put(in, String.valueOf(file.getFileName())));
            }
        }
    }

    private record Monitor(Operation operation) implements GenerationMonitor {
        @Override
        public void progress(GenerationProgress progress) {
            operation.tell(progress.stage().label() + " " + progress.done() + "/" + progress.total());
        }

        @Override
        public boolean cancelled() {
            return operation.stopped();
        }
    }
}
