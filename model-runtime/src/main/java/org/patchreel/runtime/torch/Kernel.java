package org.patchreel.runtime.torch;

import java.util.Locale;

/** A function of {@code kernels.py} that has a slow twin. */
enum Kernel {
    CONVOLUTION,
    LINEAR,
    INT8_LINEAR,
    ATTENTION,
    LAYER_NORM;

    /** The function's name in the script. */
    String function() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    String label() {
        return function().replace('_', ' ');
    }
}
