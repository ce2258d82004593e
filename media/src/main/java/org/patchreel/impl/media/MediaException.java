package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file cannot be decoded or encoded. The message names it by its path; whoever knows it by another name, such as that of an
 * upload, takes the {@link #reason} alone.
 */
public final class MediaException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    /**
     * Says what is wrong.
     *
     * @param file that is meant
     * @param reason without its name; may quote what the file says of itself
     */
    public MediaException(Path file, String reason) {
        super(file + ": " + reason);
        this.reason = reason;
    }

    /**
     * Says what is wrong.
     *
     * @param file that is meant
     * @param reason without its name
     * @param cause of the failure
     */
    public MediaException(Path file, String reason, Throwable cause) {
        super(file + ": " + reason, cause);
        this.reason = reason;
    }

    /** {@return why, without the name of the file} */
    public String reason() {
        return reason;
    }
}
