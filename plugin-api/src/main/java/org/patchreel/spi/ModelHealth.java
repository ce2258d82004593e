package org.patchreel.spi;

import java.util.List;
import java.util.Optional;

/**
 * How a model is now.
 *
 * @param status whether it can be asked
 * @param device what runs it, for people: {@code cpu, 2 threads}; and which of the engine's kernels run by slow code,
 *     because the fast one gives wrong numbers on this machine
 * @param engine the native engine and its version; empty before it is first used
 * @param weights the SHA-256 of each weight file; empty until the model was loaded once
 * @param nativeBytes memory that the weights take while loaded; 0 otherwise
 * @param lastError what went wrong last, in one line; cleared by the next success
 * @param notes what an operator should know although the model works, a line each: for example files that are not used
 */
public record ModelHealth(
        Status status,
        String device,
        Optional<String> engine,
        Optional<ModelDescriptor.WeightDigest> weights,
        long nativeBytes,
        Optional<String> lastError,
        List<String> notes) {

    /** Whether a model can be asked. */
    public enum Status {
        /** All files are there and fit each other; the weights are read by the next generation. */
        READY,
        /** The weights are in memory. */
        LOADED,
        /** It cannot run; {@link ModelHealth#lastError()} says why. */
        UNAVAILABLE
    }
}
