package org.patchreel.runtime.family;

import java.io.IOException;
import java.util.List;
import org.patchreel.api.GenerationException;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.ModelTask;

/** A checkpoint in memory, ready to generate. For one thread at a time. */
public interface Resident extends AutoCloseable {

    /**
     * Generates a clip.
     *
     * @param task whose format is on the model's grid
     * @param adapters files of the task's adapters, in their order
     * @param kept takes the latents of finished windows, and gives those of an earlier try
     * @param frames takes the frames as they leave the decoder; not closed here
     * @param monitor receives progress, and is asked for cancellation at least once in each layer of a network
     * @throws IOException if the checkpoint's parts do not fit each other, or an adapter does not fit it
     * @throws GenerationException if the clip cannot be made, with {@link GenerationException.Reason#ENCODING} if the sink
     *     fails
     * @throws GenerationCancelledException soon after the monitor said so
     */
    void generate(
            ModelTask task, List<AdapterPart> adapters, KeptWindows kept, FrameSink frames, GenerationMonitor monitor)
            throws IOException, GenerationException, GenerationCancelledException;

    /** {@return the size of all weights in memory, in bytes} */
    long bytes();

    /** Releases the weights. */
    @Override
    void close();
}
