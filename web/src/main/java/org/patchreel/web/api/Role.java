package org.patchreel.web.api;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller may do; each role may do what those before it may. */
enum Role {
    /** Reads jobs, assets, models and health, and has files verified. */
    VIEWER,
    /** Submits jobs, uploads pictures and clips, cancels and retries their own jobs. */
    EDITOR,
    /** Cancels and retries all jobs, pauses the queue, reads the usage of everybody and what is wrong. */
    OPERATOR;

    /** {@return the name in lower case} */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the role of a label; empty if there is none} */
    static Optional<Role> find(String label) {
        return Stream.of(values()).filter(role -> role.label().equals(label)).findFirst();
    }

    boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
