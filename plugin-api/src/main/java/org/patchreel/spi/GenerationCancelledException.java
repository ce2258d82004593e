package org.patchreel.spi;

/** Ends a generation that was cancelled. Not an error: nothing is logged. */
public final class GenerationCancelledException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public GenerationCancelledException() {
        super("cancelled", null, false, false);
    }
}
