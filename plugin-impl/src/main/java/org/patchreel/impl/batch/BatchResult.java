package org.patchreel.impl.batch;

import java.nio.file.Path;
import java.util.Optional;
import org.patchreel.api.AssetReference;
import org.patchreel.api.ProvenanceReport;

/**
 * The result of one clip of a batch.
 *
 * @param item what was asked for
 * @param outcome how it ended
 */
public record BatchResult(BatchItem item, Outcome outcome) {

    /** How it ended, or that it has not begun. */
    public sealed interface Outcome {
        /** A word for reports. */
        String label();
    }

    /** It waits for those before it. */
    public record Waiting() implements Outcome {
        @Override
        public String label() {
            return "waiting";
        }
    }

    /**
     * The clip is there, and verified.
     *
     * @param asset in the asset store
     * @param file the copy in the batch's folder
     * @param poster beside it
     * @param report what verification says of the copy
     * @param made whether this run made it; an earlier one did, if not
     */
    public record Done(AssetReference asset, Path file, Optional<Path> poster, ProvenanceReport report, boolean made)
            implements Outcome {
        @Override
        public String label() {
            return "done";
        }

        /** {@return whether it is proved where the file comes from} */
        public boolean proved() {
            return report.origin() != ProvenanceReport.Origin.NOT_PROVED;
        }
    }

    /**
     * It could not be made, or not be verified.
     *
     * @param reason a word to branch on: a failure's label, {@code refused}, {@code arguments}, {@code cancelled}, {@code
     *     output}
     * @param message why
     */
    public record Failed(String reason, String message) implements Outcome {
        @Override
        public String label() {
            return "failed";
        }
    }
}
