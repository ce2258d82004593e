package org.patchreel.impl.generator;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.Media;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.OrderProducer;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;

/** Carries out orders of other machines with the models of this one. */
@Component(service = OrderProducer.class)
public final class LocalProducer implements OrderProducer {

    private final InstalledModels models;
    private final Marking marking;
    private final VideoEncoders encoders;
    private final Production production;
    private final WorkFolders workFolders;

    /**
     * Creates the service.
     *
     * @param context names the home folder
     * @param models of the installation
     * @param sources finds pictures and clips that orders name
     * @param encoders encode clips
     * @param provenance marks them
     */
    @Activate
    public LocalProducer(
            BundleContext context,
            @Reference InstalledModels models,
            @Reference SourceFiles sources,
            @Reference VideoEncoders encoders,
            @Reference SignedProvenance provenance) {
        this.models = models;
        this.marking = provenance;
        this.encoders = encoders;
        this.production =
                new Production(() -> new MediaSinks(encoders.configured(), new JobPreviews()), provenance, sources);
        this.workFolders = new WorkFolders(HomeFolder.of(context).resolve("orders"));
        workFolders.deleteAbandoned(InstantSource.system(), Set.of());
    }

    @Override
    public void check() throws GenerationException {
        marking.watermarker();
        encoders.configured();
    }

    @Override
    public List<Media.Upload> sources(String order) {
        return WorkOrderJson.read(order).sources().stream()
                .map(WorkSource::file)
                .distinct()
                .toList();
    }

    @Override
    public String produce(String order, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        WorkOrder work = WorkOrderJson.read(order);
        VideoModel model = models.all().stream()
                .filter(each -> !(each instanceof RemoteModel))
                .filter(each -> each.descriptor().name().equals(work.model()))
                .findFirst()
                .orElseThrow(
                        () -> new GenerationException(Reason.NO_MODEL, "there is no model " + work.model() + " here"));
        // another worker has got what this one was killed in
        workFolders.deleteOthers(work.id());
        try {
            return ProducedJson.write(production.produce(work, model, directory, workFolders.of(work.id()), monitor));
        } finally {
            workFolders.delete(work.id());
        }
    }
}
