package org.patchreel.impl.batch;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.JobState;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoGenerator;
import org.patchreel.impl.batch.BatchResult.Done;
import org.patchreel.impl.batch.BatchResult.Failed;
import org.patchreel.impl.generator.JobWaiter;

/**
 * Executes a plan: generates each clip that is not there yet, copies it into a folder, verifies the copy, and keeps the
 * report up to date. After a kill at any point the same run resumes: a clip that is stored is not made again. Used by one
 * thread.
 */
public final class BatchRun {

    /** Copies a file of an asset to a place where it appears whole or not at all. */
    @FunctionalInterface
    public interface Copier {
        /**
         * Copies a file; one that is there is replaced.
         *
         * @param from the bytes
         * @param to the file
         * @throws IOException if it cannot be written
         */
        void copy(SeekableByteChannel from, Path to) throws IOException;
    }

    /** Receives the progress of a batch. */
    public interface Listener {
        /**
         * Called several times a second with the clip at work.
         *
         * @param number of the clip, from 1
         * @param item the clip
         * @param state of its job
         */
        void at(int number, BatchItem item, JobState state);

        /**
         * Called when a clip has ended.
         *
         * @param number of the clip, from 1
         * @param result how it ended
         */
        void ended(int number, BatchResult result);
    }

    private final VideoGenerator generator;
    private final ProvenanceVerifier verifier;
    private final Copier copier;
    private final Path folder;
    private final List<BatchResult> results = new ArrayList<>();

    /**
     * Creates a run.
     *
     * @param generator makes the clips
     * @param verifier examines the copies
     * @param copier writes them
     * @param folder where clips, posters and report go; exists
     */
    public BatchRun(VideoGenerator generator, ProvenanceVerifier verifier, Copier copier, Path folder) {
        this.generator = generator;
        this.verifier = verifier;
        this.copier = copier;
        this.folder = folder;
    }

    /**
     * Executes the plan.
     *
     * @param plan the clips
     * @param by who asks for them
     * @param listener receives the progress
     * @return the result of each clip
     * @throws IOException if the report cannot be written
     * @throws InterruptedException if the thread is interrupted; the job at work is cancelled then, and the report says what
     *     was done
     */
    public List<BatchResult> run(BatchPlan plan, Requester by, Listener listener)
            throws IOException, InterruptedException {
        plan.items().forEach(item -> results.add(new BatchResult(item, new BatchResult.Waiting())));
        BatchReport report = new BatchReport(folder);
        report.write(results);
        for (int i = 0; i < results.size(); i++) {
            BatchItem item = plan.items().get(i);
            int number = i + 1;
            BatchResult result = new BatchResult(item, outcome(item, by, state -> listener.at(number, item, state)));
            results.set(i, result);
            report.write(results);
            listener.ended(number, result);
            if (result.outcome() instanceof Failed failed && stopsAll(failed)) {
                break;
            }
        }
        return List.copyOf(results);
    }

    /** Failures that every further clip would meet, too. */
    private static boolean stopsAll(Failed failed) {
        return List.of(Reason.NO_MODEL, Reason.DEVICE, Reason.STORAGE, Reason.PROVENANCE).stream()
                .anyMatch(reason -> reason.label().equals(failed.reason()));
    }

    private BatchResult.Outcome outcome(BatchItem item, Requester by, Consumer<JobState> progress)
            throws InterruptedException {
        try {
            boolean there = generator.asset(item.id()).isPresent();
            GenerationJob job = generator.submit(item.id(), item.request(), by);
            JobState.Ended end = JobWaiter.await(job, progress);
            return end.<BatchResult.Outcome, IOException>fold(
                    completed -> deliver(item, !there),
                    refused ->
                            new Failed("refused", "refused by rule " + refused.rule() + ": " + refused.explanation()),
                    failed -> new Failed(
                            failed.cause().reason().label(), failed.cause().getMessage()),
                    cancelled -> new Failed("cancelled", "cancelled"),
                    suspended -> new Failed(
                            "suspended", "the video generator stopped; the same batch goes on when it is back"));
        } catch (IllegalArgumentException e) {
            return new Failed("arguments", String.valueOf(e.getMessage()));
        } catch (GenerationException e) {
            return new Failed(e.reason().label(), e.getMessage());
        } catch (IOException e) {
            return new Failed("output", e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private Done deliver(BatchItem item, boolean made) throws IOException {
        StoredAsset asset = generator
                .asset(item.id())
                .orElseThrow(() -> new IOException("asset " + item.id() + " was deleted after it was made"));
        AssetFile own = asset.metadata().kind().file();
        Path clip = folder.resolve(item.name() + own.extension());
        copy(asset, own, clip);
        Path poster = folder.resolve(item.name() + ".jpg");
        Optional<Path> shown = Optional.of(poster);
        try {
            copy(asset, AssetFile.POSTER, poster);
        } catch (NoSuchFileException e) {
            shown = Optional.empty();
        }
        return new Done(asset.reference(), clip, shown, verifier.verify(clip), made);
    }

    /** Whatever is there under the name may be of an earlier table: it is replaced, as the report is. */
    private void copy(StoredAsset asset, AssetFile file, Path target) throws IOException {
        try (SeekableByteChannel from = asset.open(file)) {
            copier.copy(from, target);
        }
        if (!Files.isRegularFile(target)) {
            throw new IOException(target + " was not written");
        }
    }
}
