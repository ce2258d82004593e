package org.patchreel.drill;

import java.util.Locale;

/** What a process of the drill does. */
enum Role {
    BROKER,
    HOST,
    WORKER;

    /** {@return its name in a sentence} */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
