package org.patchreel.impl.c2pa;

import java.util.Optional;

/**
 * What a manifest says of the model that made the pictures: the assertion {@code c2pa.ai-disclosure} (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.4/specs/C2PA_Specification.html">C2PA 2.4, 18.28</a>).
 *
 * @param modelName what the installation calls it
 * @param modelIdentifier tells its weights from others; empty if they are not known
 * @param oversight how far people have watched over it
 */
public record AiDisclosure(String modelName, Optional<String> modelIdentifier, HumanOversight oversight) {

    /** Checks the texts. */
    public AiDisclosure {
        ManifestDescription.requireText("modelName", modelName);
        modelIdentifier.ifPresent(identifier -> ManifestDescription.requireText("modelIdentifier", identifier));
    }

    /**
     * Says that a person has written the prompt.
     *
     * @param modelName see above
     */
    public AiDisclosure(String modelName) {
        this(modelName, Optional.empty(), HumanOversight.PROMPT_GUIDED);
    }
}
