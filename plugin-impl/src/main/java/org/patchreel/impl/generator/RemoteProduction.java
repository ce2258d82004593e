package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.impl.c2pa.ManifestDescription.SoftBinding;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.Watermarker;

/**
 * Has other machines make the files of clips, and checks what comes: a clip whose mark this installation cannot read would not be
 * known again here.
 */
final class RemoteProduction {

    private final Marking marking;

    RemoteProduction(Marking marking) {
        this.marking = marking;
    }

    /**
     * Has the files of one clip made; see {@link Production#produce}.
     *
     * @param order what to make
     * @param model that runs elsewhere
     * @param directory takes the files
     * @param monitor receives progress, and says whether to cancel
     * @return what is known of the clip
     * @throws GenerationException if it cannot be made, or is not as it should be
     * @throws GenerationCancelledException soon after the monitor said so
     */
    Produced produce(WorkOrder order, RemoteModel model, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        Optional<Watermarker> watermarker = Blame.on(Reason.PROVENANCE, "no clip can be marked", marking::watermarker);
        String json = Blame.on(
                Reason.INTERNAL,
                "model " + order.model() + " failed",
                () -> model.produce(order.id(), WorkOrderJson.write(order), directory, monitor));
        Produced clip =
                Blame.on(Reason.INTERNAL, "what a worker tells of its clip is wrong", () -> ProducedJson.read(json));
        Path file = directory.resolve(order.kind().file().fileName());
        if (!Files.isRegularFile(file)) {
            throw new GenerationException(
                    Reason.INTERNAL,
                    "a worker has sent no " + order.kind().file().fileName());
        }
        checkMark(clip.watermark(), watermarker, file);
        checkMaster(order, clip, watermarker, directory.resolve(AssetFile.MASTER.fileName()));
        List<Adapter> used = clip.model().adapters().stream()
                .map(AdapterFile::adapter)
                .distinct()
                .toList();
        if (!used.equals(order.adapters())) {
            throw new GenerationException(
                    Reason.INTERNAL,
                    "a worker has used the adapters " + used + " for a clip that needs " + order.adapters());
        }
        return clip;
    }

    private static void checkMaster(WorkOrder order, Produced clip, Optional<Watermarker> watermarker, Path file)
            throws GenerationException, GenerationCancelledException {
        boolean sent = Files.isRegularFile(file) && clip.master().isPresent();
        boolean none = !Files.exists(file) && clip.master().isEmpty();
        if (order.hasMaster() ? !sent : !none) {
            throw new GenerationException(
                    Reason.INTERNAL,
                    "a worker has sent " + (order.hasMaster() ? "no " : "a ") + AssetFile.MASTER.fileName()
                            + (order.hasMaster() ? "" : " that was not ordered"));
        }
        if (sent) {
            checkMark(clip.watermark(), watermarker, file);
        }
    }

    private static void checkMark(Optional<SoftBinding> mark, Optional<Watermarker> watermarker, Path file)
            throws GenerationException, GenerationCancelledException {
        if (watermarker.isPresent() != mark.isPresent()) {
            throw new GenerationException(
                    Reason.PROVENANCE,
                    "this host marks " + (watermarker.isPresent() ? "" : "no ") + "clips, and the worker has "
                            + (mark.isPresent() ? "marked this one" : "not marked this one")
                            + ": configure org.patchreel.provenance alike on both");
        }
        if (mark.isEmpty()) {
            return;
        }
        Watermarker reader = watermarker.orElseThrow();
        if (!reader.algorithm().equals(mark.get().algorithm())) {
            throw new GenerationException(
                    Reason.PROVENANCE,
                    "the worker has marked the clip by " + mark.get().algorithm() + ", this host by "
                            + reader.algorithm());
        }
        String id = mark.get().id();
        boolean read =
                Blame.on(Reason.PROVENANCE, "the clip of a worker cannot be examined", () -> reads(reader, file, id));
        if (!read) {
            throw new GenerationException(
                    Reason.PROVENANCE,
                    "the mark " + id
                            + " cannot be read in the clip of a worker: give the worker the watermark secrets of"
                            + " this host");
        }
    }

    private static boolean reads(Watermarker reader, Path file, String id) throws IOException {
        return reader.detect(file, List.of(id)).stream()
                .anyMatch(mark -> mark.id().equalsIgnoreCase(id));
    }
}
