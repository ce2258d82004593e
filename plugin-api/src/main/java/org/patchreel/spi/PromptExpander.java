package org.patchreel.spi;

import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.Camera;
import org.patchreel.api.GenerationException;

/**
 * Rewrites a prompt for the model that will read it, for example into words that the model knows, or with more details. All
 * services of this type are asked one after the other, that of the highest {@code service.ranking} first, each with the text
 * that the one before it has given. This happens when a request is submitted, before a {@link PromptPolicy} judges the result.
 * May be called from any thread.
 */
@ConsumerType
public interface PromptExpander {

    /**
     * Expands a prompt. The caller waits: an expander bounds its time.
     *
     * @param draft the prompt, and what for
     * @return the text for the model
     * @throws GenerationException with {@link GenerationException.Reason#PROMPT} if it cannot be expanded and must not be used as
     *     it is: the request is refused with the message, which names what failed. What else is thrown counts as the same
     */
    Expansion expand(Draft draft) throws GenerationException;

    /**
     * A prompt that a model is going to read.
     *
     * @param prompt the text so far, without words for the camera's moves: the generator adds those
     * @param negativePrompt what the model is told to avoid, for notes; empty if it will not read any
     * @param camera the moves whose words will be added
     * @param model that will read it
     */
    record Draft(String prompt, String negativePrompt, Camera camera, ModelDescriptor model) {

        /** {@return what the model understands} */
        public PromptLanguage language() {
            return model.capabilities().map(ModelCapabilities::language).orElse(PromptLanguage.ANY);
        }
    }

    /**
     * What became of a prompt.
     *
     * @param prompt within the limits of {@link org.patchreel.api.Shot#prompt}
     * @param notes for the requester, a sentence each; they stand in the clip's metadata
     */
    record Expansion(String prompt, List<String> notes) {

        /**
         * Checks both.
         *
         * @throws NullPointerException if one is null; the message is its name
         */
        public Expansion {
            Objects.requireNonNull(prompt, "prompt");
            notes = List.copyOf(Objects.requireNonNull(notes, "notes"));
        }
    }
}
