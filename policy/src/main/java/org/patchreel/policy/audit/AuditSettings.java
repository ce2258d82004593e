package org.patchreel.policy.audit;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

/**
 * What is configured.
 *
 * @param enabled whether anything is recorded
 * @param folder of the log, absolute
 * @param promptTexts whether prompts are kept as texts, not as digests
 * @param retention after which personal values are erased; empty for never
 * @param maxSize of a file in bytes
 */
record AuditSettings(boolean enabled, Path folder, boolean promptTexts, Optional<Duration> retention, long maxSize) {

    private static final int MAX_DAYS = 36_500;
    private static final int MAX_MIB = 1024;

    static AuditSettings read(ConfigurationValues values, HomeFolder home, FileAuditSink.Config config) {
        if (config.folder().isBlank()) {
            throw values.refused("folder", "expected a folder");
        }
        Path folder;
        try {
            folder = home.resolve(config.folder()).normalize();
        } catch (InvalidPathException e) {
            throw values.refused("folder", "expected a folder: " + e.getReason());
        }
        int days = values.integer("retention", config::retention, 0, MAX_DAYS);
        return new AuditSettings(
                values.flag("enabled", config::enabled),
                folder,
                values.option("prompts", config::prompts, List.of(Map.entry("digest", false), Map.entry("text", true))),
                days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days)),
                (long) values.integer("max.size", config::max_size, 1, MAX_MIB) << 20);
    }
}
