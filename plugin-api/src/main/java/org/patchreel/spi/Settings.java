package org.patchreel.spi;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a component takes from its configuration, as an immutable snapshot. A change replaces the snapshot and leaves
 * those that are in use as they are; a configuration that cannot be used leaves the last good snapshot in place. Safe for
 * use from any thread.
 *
 * @param <S> the snapshot
 */
public final class Settings<S> implements ComponentStatus {

    /**
     * Makes a snapshot of a configuration.
     *
     * @param <S> the snapshot
     */
    @FunctionalInterface
    public interface Reader<S> {

        /**
         * Reads a configuration.
         *
         * @param values of the configuration
         * @return the snapshot
         * @throws IllegalArgumentException if a value cannot be used; the message names key and value
         * @throws IOException if a file that a value names cannot be used; the message names it
         */
        S read(ConfigurationValues values) throws IOException;
    }

    private record State<S>(@Nullable S good, @Nullable Refused<S> refused) {}

    private record Refused<S>(ConfigurationException problem, ConfigurationValues values, Reader<S> reader) {}

    private volatile State<S> state;

    /**
     * Creates settings that were read already.
     *
     * @param settings the snapshot
     */
    public Settings(S settings) {
        state = new State<>(settings, null);
    }

    /**
     * Reads the first configuration of a component; one that cannot be used is kept as the {@link #problem}.
     *
     * @param pid of the component
     * @param properties of the component
     * @param reader makes the snapshot
     */
    public Settings(String pid, Map<String, ?> properties, Reader<S> reader) {
        state = read(null, new ConfigurationValues(pid, properties), reader);
    }

    /**
     * Reads a changed configuration; one that cannot be used is kept as the {@link #problem}.
     *
     * @param pid of the component
     * @param properties of the component
     * @param reader makes the snapshot
     */
    public synchronized void update(String pid, Map<String, ?> properties, Reader<S> reader) {
        state = read(state.good, new ConfigurationValues(pid, properties), reader);
    }

    /**
     * The last good snapshot.
     *
     * @return the snapshot
     * @throws ConfigurationException if there was none yet
     */
    public S get() {
        State<S> now = state.good == null ? again() : state;
        if (now.good == null) {
            throw now.refused == null ? new IllegalStateException("nothing was read") : now.refused.problem;
        }
        return now.good;
    }

    @Override
    public Optional<Problem> problem() {
        State<S> now = again();
        if (now.refused == null) {
            return Optional.empty();
        }
        ConfigurationException problem = now.refused.problem;
        boolean usable = now.good != null;
        return Optional.of(new Problem(
                "configuration " + problem.pid(),
                problem.getMessage().substring(problem.pid().length() + 2)
                        + (usable ? "; the values before it stay in use" : ""),
                "correct " + problem.file().orElse("the configuration " + problem.pid()),
                usable));
    }

    /** Reads a refused configuration again: the file that it names may be there now. */
    private synchronized State<S> again() {
        State<S> now = state;
        if (now.refused != null) {
            now = read(now.good, now.refused.values, now.refused.reader);
            state = now;
        }
        return now;
    }

    private static <S> State<S> read(@Nullable S good, ConfigurationValues values, Reader<S> reader) {
        try {
            return new State<>(reader.read(values), null);
        } catch (ConfigurationException e) {
            return new State<>(good, new Refused<>(e, values, reader));
        } catch (IOException | RuntimeException e) {
            ConfigurationException refused = values.refused(String.valueOf(e.getMessage()));
            refused.initCause(e);
            return new State<>(good, new Refused<>(refused, values, reader));
        }
    }
}
