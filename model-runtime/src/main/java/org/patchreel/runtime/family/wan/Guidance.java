package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import org.patchreel.runtime.family.wan.dit.Transformer;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;

/**
 * One expert with classifier-free guidance: the prediction without the prompt, moved away towards the one with it. At
 * scale 1 that is the prediction with the prompt, and the other is not computed.
 *
 * @see <a href="https://arxiv.org/abs/2207.12598">Ho and Salimans, Classifier-Free Diffusion Guidance</a>
 */
final class Guidance {
    private final Transformer transformer;
    private final double scale;
    private final boolean batched;
    private final Transformer.Context prompt;
    private final Optional<Transformer.Context> negative;

    /**
     * Embeds the prompts.
     *
     * @param batched whether both predictions are made in one pass, which is faster and takes more memory
     * @param scope will own the embeddings
     */
    Guidance(Transformer transformer, double scale, boolean batched, Conditioning conditioning, NDManager scope) {
        this.transformer = transformer;
        this.scale = scale;
        this.batched = batched;
        this.prompt = transformer.context(conditioning.prompt(), conditioning.imageEmbedding(), scope);
        this.negative = scale == 1
                ? Optional.empty()
                : conditioning
                        .negativePrompt()
                        .map(states -> transformer.context(states, conditioning.imageEmbedding(), scope));
    }

    /**
     * The guided velocity.
     *
     * @param input (1, C, F, h, w)
     * @param timesteps (1, 1) or (1, L)
     * @param positions of the tokens
     * @param monitor asked before each layer whether to stop
     * @param scope will own the result
     */
    NDArray velocity(NDArray input, NDArray timesteps, NDArray positions, GenerationMonitor monitor, NDManager scope)
            throws GenerationCancelledException {
        if (negative.isEmpty()) {
            return transformer.velocity(input, timesteps, prompt, positions, monitor, scope);
        }
        if (batched) {
            Transformer.Context both = new Transformer.Context(
                    NDArrays.concat(
                            new NDList(prompt.embedding(), negative.get().embedding())),
                    prompt.textTokens());
            NDArray velocity = transformer.velocity(twice(input), twice(timesteps), both, positions, monitor, scope);
            return guided(velocity.get("0:1"), velocity.get("1:2"));
        }
        return guided(
                transformer.velocity(input, timesteps, prompt, positions, monitor, scope),
                transformer.velocity(input, timesteps, negative.get(), positions, monitor, scope));
    }

    private NDArray guided(NDArray with, NDArray without) {
        return without.add(with.sub(without).mul(scale));
    }

    private static NDArray twice(NDArray array) {
        return NDArrays.concat(new NDList(array, array));
    }
}
