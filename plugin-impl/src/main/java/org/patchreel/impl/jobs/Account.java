package org.patchreel.impl.jobs;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What device time is charged to.
 *
 * @param kind of the account
 * @param name of the user ({@code TENANT/USER} where the host says a tenant, {@code -} for nobody in particular), the group, the
 *     project or the model
 */
public record Account(Kind kind, String name) {

    /** Kinds of accounts. */
    public enum Kind {
        /** Who asked. */
        USER,
        /** A group that the user belongs to; each of several is charged the whole time. */
        GROUP,
        /** What the clip is for. */
        PROJECT,
        /** What made the clip; has no budget. */
        MODEL;

        /** {@return the name in lower case} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a label.
         *
         * @param what is read, for the message
         * @param label as {@link #label} writes it
         * @return the kind
         * @throws IllegalArgumentException if there is no such kind; the message lists them
         */
        public static Kind parse(String what, String label) {
            return Stream.of(values())
                    .filter(kind -> kind.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(what + " must be "
                            + Stream.of(values()).map(Kind::label).collect(Collectors.joining(", ")) + ": " + label));
        }
    }

    @Override
    public String toString() {
        return kind.label() + ":" + name;
    }
}
