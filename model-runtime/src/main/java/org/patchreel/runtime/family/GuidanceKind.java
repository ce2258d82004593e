package org.patchreel.runtime.family;

/** How the predictions with the prompt and without it are combined. */
public enum GuidanceKind {
    /** Classifier-free guidance. */
    PLAIN,
    /** CFG-Zero*. */
    ZERO_STAR,
    /** APG, against too strong colours. */
    PROJECTED
}
