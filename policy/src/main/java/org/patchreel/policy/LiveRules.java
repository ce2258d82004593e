package org.patchreel.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.Settings;

/**
 * The rules as configuration and files are now: looked at when somebody asks, the files at most once a second. Files that cannot be
 * used leave the rules before them in use; where there are none, nothing can be judged. Safe for use from any thread.
 */
final class LiveRules implements ComponentStatus {

    private static final long LOOK_NANOS = 1_000_000_000;

    private final Settings<PolicySettings> settings;
    private final LongSupplier clock;

    /** Read when first needed: half a second that a start of the app does not wait for. */
    private @Nullable BuiltIn builtIn;

    private @Nullable Rules rules;
    private @Nullable PolicySettings used;
    private @Nullable String failure;
    private List<TermFolder.Stamp> stamps = List.of();
    private long looked;

    /**
     * Creates rules.
     *
     * @param settings what is configured
     * @param clock in nanoseconds
     */
    LiveRules(Settings<PolicySettings> settings, LongSupplier clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The rules.
     *
     * @throws org.patchreel.spi.ConfigurationException if the configuration cannot be used and there was none before
     * @throws UncheckedIOException if the files cannot be used and there were none before
     */
    synchronized Rules now() {
        PolicySettings configured = settings.get();
        long time = clock.getAsLong();
        if (rules != null && (configured.equals(used) || failure != null) && time - looked < LOOK_NANOS) {
            return rules;
        }
        looked = time;
        try {
            Rules found = look(configured);
            rules = found;
            failure = null;
            return found;
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            if (rules == null) {
                throw new UncheckedIOException(failure, e);
            }
            return rules;
        }
    }

    private Rules look(PolicySettings configured) throws IOException {
        TermFolder folder = new TermFolder(configured.folder());
        List<TermFolder.Stamp> found = folder.stamps();
        if (rules != null && configured.equals(used) && found.equals(stamps)) {
            return rules;
        }
        BuiltIn known = builtIn == null ? BuiltIn.read() : builtIn;
        builtIn = known;
        Rules made = new Rules(configured, known, folder.read(found));
        used = configured;
        stamps = found;
        return made;
    }

    @Override
    public synchronized Optional<Problem> problem() {
        Optional<Problem> configured = settings.problem();
        if (configured.isPresent()) {
            return configured;
        }
        try {
            now();
        } catch (UncheckedIOException e) {
            // is the failure
        }
        return Optional.ofNullable(failure)
                .map(text -> new Problem(
                        "term lists",
                        text + (rules == null ? "; all requests are refused" : "; the lists before it stay in use"),
                        "correct the file",
                        rules != null));
    }
}
