package org.patchreel.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.Adapter;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.SamplingPlan;

/**
 * A text-to-video model, ready to be asked. Registered as a service with the property {@value #NAME}; installing a model
 * means registering one. The highest {@code service.ranking} is the installation's default.
 *
 * <p>A registered model may still be unable to run (its files are missing, its device is absent): {@link #health()} says
 * so, and {@link #generate} fails with the reason. Methods may be called from any thread; generations wait for each
 * other.
 */
@ConsumerType
public interface VideoModel {

    /** Service property, String: the name by which requests choose the model. */
    String NAME = "patchreel.model.name";

    /**
     * Service property, Boolean: set to true before the service is withdrawn because its configuration changed. The model
     * keeps working for the jobs that were submitted before, which are not cancelled.
     */
    String REPLACED = "patchreel.model.replaced";

    /**
     * What the model is and can do. Cheap; reads no weights.
     *
     * @return the description
     */
    ModelDescriptor descriptor();

    /**
     * How the model is now. Cheap; runs nothing.
     *
     * @return a snapshot
     */
    ModelHealth health();

    /**
     * How a clip would be made. Cheap; reads no weights.
     *
     * @param task what to make, in the model's own terms
     * @return the plan that {@link #generate} follows
     * @throws GenerationException with {@link GenerationException.Reason#NO_MODEL} if the model cannot be read, with {@link
     *     GenerationException.Reason#UNSUPPORTED} if it cannot make the clip
     */
    SamplingPlan plan(ModelTask task) throws GenerationException;

    /**
     * The files of adapters that the latest clip with them was made with.
     *
     * @param adapters of the clip's task
     * @return a file or two of each, in their order; none if none are given
     * @throws GenerationException with {@link GenerationException.Reason#UNSUPPORTED} if the model takes no adapters, or their
     *     files are not those any more
     */
    default List<AdapterFile> adapterFiles(List<Adapter> adapters) throws GenerationException {
        if (adapters.isEmpty()) {
            return List.of();
        }
        throw new GenerationException(
                Reason.UNSUPPORTED,
                "model " + descriptor().name() + " takes no adapter "
                        + adapters.get(0).name());
    }

    /**
     * Generates a clip that starts anew if it is interrupted.
     *
     * @param task what to make, in the model's own terms
     * @param frames takes the frames; not closed here
     * @param monitor as below
     * @throws GenerationCancelledException as below
     * @throws GenerationException as below
     */
    default void generate(ModelTask task, FrameSink frames, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException {
        generate(task, Optional.empty(), frames, monitor);
    }

    /**
     * Generates a clip. Loads the weights first if they are not in memory. Frames are pushed into the sink from this
     * thread, in order, as they leave the decoder; they are never all held.
     *
     * <p>The same task on the same machine with the same number of threads gives the same frames, byte for byte.
     *
     * @param task what to make, in the model's own terms
     * @param work a folder of this clip alone, which is created if need be: what was sampled is kept there, window by window,
     *     so that the same task with the same folder continues after what a killed process has finished, and pushes the same
     *     frames, all from the first on. What is there of another task or another model is deleted; what is left at the end, whichever it is,
     *     is the caller's to delete. Empty to keep nothing
     * @param frames takes the frames; not closed here
     * @param monitor receives progress, and is asked for cancellation between denoising steps and between latent frames
     * @throws GenerationCancelledException soon after the monitor said so
     * @throws GenerationException if the clip cannot be made
     */
    void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException;
}
