package org.patchreel.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The generator did not do what was asked; the message is one line that names it and says why. */
final class RemoteFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String detail;
    private final boolean passing;
    private final @Nullable Duration retryAfter;

    private RemoteFailure(
            String message,
            int status,
            String detail,
            boolean passing,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.detail = detail;
        this.passing = passing;
        this.retryAfter = retryAfter;
    }

    /** What may pass by itself: the same request may succeed later. */
    static RemoteFailure passing(String message, @Nullable Throwable cause) {
        return new RemoteFailure(message, 0, message, true, null, cause);
    }

    /** What lasts until somebody does something about it. */
    static RemoteFailure lasting(String message, @Nullable Throwable cause) {
        return new RemoteFailure(message, 0, message, false, null, cause);
    }

    /**
     * A refusal by the other side.
     *
     * @param message names the generator
     * @param status of the answer
     * @param detail what the other side says
     * @param passing whether it may pass by itself
     * @param retryAfter when to ask again, if the answer says so
     */
    static RemoteFailure answered(
            String message, int status, String detail, boolean passing, Optional<Duration> retryAfter) {
        return new RemoteFailure(message, status, detail, passing, retryAfter.orElse(null), null);
    }

    /** {@return one line that names the generator and says why} */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** {@return whether the same request may succeed later, without anybody's doing} */
    boolean isPassing() {
        return passing;
    }

    /** {@return the status of the answer; 0 if there was none} */
    int status() {
        return status;
    }

    /** {@return what the other side says, without its name} */
    String detail() {
        return detail;
    }

    /** {@return when to ask again, if the answer says so} */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
