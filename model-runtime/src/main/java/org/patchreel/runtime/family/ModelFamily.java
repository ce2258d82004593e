package org.patchreel.runtime.family;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SamplingPlan;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.checkpoint.ModelIndex;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.runtime.weights.TensorInfo;
import org.patchreel.spi.ModelTask;

/** An architecture of video models. Has no state; may be used by any thread. */
public interface ModelFamily {

    /** {@return the pipelines that it runs, by their class in diffusers, as {@code model_index.json} names them} */
    List<String> pipelines();

    /**
     * Describes a checkpoint from its configuration files and the headers of its weights. Loads no native library.
     *
     * @param index of a checkpoint whose pipeline is one of {@link #pipelines()}
     * @param options how it is going to run
     * @throws IOException if a configuration file cannot be read; a checkpoint that can be described and will not load is
     *     described with its fault
     */
    ModelSummary describe(ModelIndex index, RuntimeOptions options) throws IOException;

    /**
     * Plans a clip. Loads no native library.
     *
     * @param index of a checkpoint whose pipeline is one of {@link #pipelines()}
     * @param summary what {@link #describe} said of it
     * @param task whose format is on the model's grid
     * @throws IOException if a configuration file cannot be read
     * @throws GenerationException with {@link GenerationException.Reason#UNSUPPORTED} if the model cannot make the clip
     */
    SamplingPlan plan(ModelIndex index, ModelSummary summary, ModelTask task) throws IOException, GenerationException;

    /**
     * Tries a LoRA file with a checkpoint, by its header. Loads no native library.
     *
     * @param index of a checkpoint whose pipeline is one of {@link #pipelines()}
     * @param file of the LoRA
     * @return which of its tensors have no effect, in one line; empty if all have
     * @throws IOException if the file cannot be read or does not fit; the message names it
     */
    Optional<String> fits(ModelIndex index, Path file) throws IOException;

    /**
     * Says what a single file or a component's folder is.
     *
     * @param tensors of its weights, by the names that the files give them
     * @return a kind of network, for people; empty if it is none of this family
     */
    Optional<String> identify(Map<String, TensorInfo> tensors);

    /**
     * Checks that adapters fit a checkpoint, by the headers of their files. Loads no native library.
     *
     * @param index of a checkpoint whose pipeline is one of {@link #pipelines()}
     * @param adapters one after the other
     * @throws IOException if a file cannot be read or does not fit; the message names it
     */
    void check(ModelIndex index, List<AdapterPart> adapters) throws IOException;

    /**
     * Reads a checkpoint's weights.
     *
     * @param index of a checkpoint whose pipeline is one of {@link #pipelines()}
     * @param options how to run it
     * @param placement where to run it
     * @return to be closed by the caller
     * @throws IOException if a component is missing, damaged, or does not fit the others
     */
    Resident load(ModelIndex index, RuntimeOptions options, Placement placement) throws IOException;
}
