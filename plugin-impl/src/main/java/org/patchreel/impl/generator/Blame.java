package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.spi.GenerationCancelledException;

/**
 * Runs code of another party (a store, a signer, an encoder, a model), so that a failure has the reason of that party:
 * whoever reads the reason looks for the cause there.
 */
final class Blame {

    /** What a party does. */
    @FunctionalInterface
    interface Part<T> {
        T run() throws IOException, GenerationException, GenerationCancelledException;
    }

    private Blame() {}

    /**
     * Runs a part.
     *
     * @param reason of whatever is thrown that has no reason yet
     * @param what has failed then, as the beginning of a sentence
     * @param part what to run
     * @return what it returns
     * @throws GenerationException if it fails
     * @throws GenerationCancelledException if it is cancelled
     */
    static <T> T on(Reason reason, String what, Part<T> part) throws GenerationException, GenerationCancelledException {
        try {
            return part.run();
        } catch (IOException | RuntimeException | Error e) {
            throw failure(reason, what, e);
        }
    }

    /** {@return a failure with the cause's message; memory that ran out is nobody's fault} */
    static GenerationException failure(Reason reason, String what, Throwable cause) {
        Reason known = cause instanceof OutOfMemoryError ? Reason.MEMORY : reason;
        return new GenerationException(known, what + ": " + inOneLine(cause), cause);
    }

    /** {@return the first line of the message, or what there is to say without one} */
    static String inOneLine(Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "").strip();
        // Exceptions of java.nio.file without a reason have the file's name alone for a message.
        boolean bare = message.isEmpty() || (failure instanceof FileSystemException file && file.getReason() == null);
        String text = bare ? (failure.getClass().getSimpleName() + " " + message).strip() : message;
        return text.lines().findFirst().orElse(text);
    }
}
