package org.patchreel.api;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * For how long one account kept the device busy.
 *
 * @param account the user ({@code TENANT/USER} where the host says a tenant, {@code -} for nobody in particular), group,
 *     project or model
 * @param clips that were completed
 * @param time that the device was busy, also for clips that were not completed
 * @param cost of that time, at the prices of its days; empty if no price is configured
 * @param today the part of the time that is today's, by the day of this machine's time zone
 * @param budget of the account for today; empty if it has none
 */
public record DeviceUsage(
        String account,
        long clips,
        Duration time,
        Optional<AssetMetadata.Cost> cost,
        Duration today,
        Optional<Duration> budget) {

    /** What device time is charged to. */
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
         * @param name of what it is, for the message
         * @param label as {@link #label} writes it
         * @return the kind
         * @throws IllegalArgumentException if there is no such kind; the message lists them
         */
        public static Kind parse(String name, String label) {
            Objects.requireNonNull(label, "label");
            return Stream.of(values())
                    .filter(kind -> kind.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(name + " must be one of "
                            + Stream.of(values()).map(Kind::label).collect(Collectors.joining(", ")) + ": " + label));
        }
    }
}
