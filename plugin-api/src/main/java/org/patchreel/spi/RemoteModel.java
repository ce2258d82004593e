package org.patchreel.spi;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.GenerationException;

/**
 * A model that runs on other machines, which make whole clips: there the frames are marked and encoded, and the files are
 * brought here, where they are signed and stored. No frames are pushed: {@link #produce} takes the place of {@link
 * #generate}.
 */
@ConsumerType
public interface RemoteModel extends VideoModel {

    /**
     * How many clips can be made at once now.
     *
     * @return the number of machines that have the model, 0 or more
     */
    int concurrency();

    /**
     * Has another machine make a clip. Blocks until its files are here.
     *
     * @param id of the job; an order that is given again under an ID after the process was killed gets the files that were
     *     made meanwhile, if there are any
     * @param order what to make, in the form that {@link OrderProducer#produce} reads; the model does not look into it
     * @param directory takes the files, named as in {@link org.patchreel.api.AssetFile}; what is there on failure and on
     *     cancellation is the caller's to delete
     * @param monitor receives progress, and says whether to cancel; called from this thread
     * @return what is known of the clip, as {@link OrderProducer#produce} has returned it there. It comes from another
     *     machine: the caller checks it
     * @throws GenerationException if it cannot be made, with the reason that the other machine gave
     * @throws GenerationCancelledException soon after the monitor said so
     */
    String produce(String id, String order, Path directory, GenerationMonitor monitor)
            throws GenerationException, GenerationCancelledException;

    /** Not supported: the frames stay where they are made. */
    @Override
    default void generate(ModelTask task, Optional<Path> work, FrameSink frames, GenerationMonitor monitor) {
        throw new UnsupportedOperationException(
                "model " + descriptor().name() + " runs on other machines, which make whole clips");
    }
}
