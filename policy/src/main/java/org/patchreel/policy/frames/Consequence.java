package org.patchreel.policy.frames;

import java.util.List;
import java.util.Map;

/** What follows from something that is found. */
enum Consequence {
    /** Nothing: it is not looked for. */
    OFF,
    /** A reviewer decides. */
    HOLD,
    /** It is not stored. */
    REFUSE;

    /** As they are configured. */
    static final List<Map.Entry<String, Consequence>> OPTIONS =
            List.of(Map.entry("refuse", REFUSE), Map.entry("hold", HOLD), Map.entry("off", OFF));
}
