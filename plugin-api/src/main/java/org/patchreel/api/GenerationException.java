package org.patchreel.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a clip could not be made. The message is one line for people and names the thing and the value. */
public final class GenerationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure, for callers that branch on them. */
    public enum Reason {
        /** No model is installed, or its files are missing, damaged or of another kind. */
        NO_MODEL,
        /** The model cannot do what was asked, for example an image model without an image. */
        UNSUPPORTED,
        /** The prompt could not be expanded, see {@code PromptExpander}. */
        PROMPT,
        /** The configured device, precision or native library is not there. */
        DEVICE,
        /** Memory ran out. */
        MEMORY,
        /** The model computed NaN or infinity: its weights are damaged, or its number type is too narrow. */
        NOT_FINITE,
        /** The clip could not be encoded. */
        ENCODING,
        /** The clip could not be marked or signed, or the record that leads back to it could not be kept. */
        PROVENANCE,
        /** The asset could not be stored: no space, no permission. */
        STORAGE,
        /** The queue is full, or another process makes the clip of this ID: the same request may be taken later. */
        BUSY,
        /** Anything else, a fault of this software. */
        INTERNAL;

        /** {@return the reason's name in lower case, for people and JSON} */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;

    /**
     * Creates one without a cause.
     *
     * @param reason the kind
     * @param message one line that names the thing and the value
     */
    public GenerationException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates one.
     *
     * @param reason the kind
     * @param message one line that names the thing and the value
     * @param cause what was caught, or null
     */
    public GenerationException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** {@return the kind of failure} */
    public Reason reason() {
        return reason;
    }

    /** {@return one line that names the thing and the value} */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
