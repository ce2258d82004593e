package org.patchreel.spi;

import java.time.Instant;
import java.util.Objects;
import org.patchreel.api.Requester;

/**
 * Something that an operator may have to prove later.
 *
 * @param time when it happened
 * @param by who did it, as far as the host knows; {@link Requester#UNKNOWN} for what the installation did by itself
 * @param subject ID of the job and the asset that it is about, which are the same; of a file from elsewhere its SHA-256 in 64
 *     hexadecimal digits
 * @param action what happened
 */
public record AuditEvent(Instant time, Requester by, String subject, AuditAction action) {

    /**
     * Checks all.
     *
     * @throws IllegalArgumentException if the subject is empty
     * @throws NullPointerException if one is null; the message is its name
     */
    public AuditEvent {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(action, "action");
        if (subject.isEmpty()) {
            throw new IllegalArgumentException("the subject of an audit event is empty");
        }
    }
}
