package org.patchreel.impl.c2pa;

import java.util.Locale;

/**
 * How far people have watched over what a model made: {@code humanOversightLevel} of the assertion {@code c2pa.ai-disclosure} (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.4/specs/C2PA_Specification.html">C2PA 2.4, 18.28</a>).
 */
public enum HumanOversight {
    /** A program has asked, and nobody has looked at the result. */
    FULLY_AUTONOMOUS,
    /** A person has written the prompt, and nobody has approved the result. */
    PROMPT_GUIDED,
    /** A person has looked at the result and approved it. */
    HUMAN_VALIDATED;

    /** {@return the word of the specification} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
