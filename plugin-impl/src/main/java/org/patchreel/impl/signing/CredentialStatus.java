package org.patchreel.impl.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether claims can be signed, for health checks.
 *
 * @param subject of the signing certificate; empty if there is none
 * @param validUntil its last moment; empty if there is none
 * @param development whether it is one that Patchreel made itself, which no one trusts
 * @param warning that it ends within {@link #NOTICE}, in one line
 * @param problem why claims cannot be signed now, in one line
 */
public record CredentialStatus(
        Optional<String> subject,
        Optional<Instant> validUntil,
        boolean development,
        Optional<String> warning,
        Optional<String> problem) {

    /** How long ahead of its end a certificate is to be replaced. */
    public static final Duration NOTICE = Duration.ofDays(30);
}
