package org.patchreel.runtime.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The right to load libtorch, of which a process can hold one copy: a second one registers its operators again and aborts
 * the process. The classes of an updated or reinstalled bundle are new ones, and cannot use what the old ones have loaded;
 * a system property, which outlives them, tells that they are too late.
 */
final class NativeClaim {
    private static final String LIBRARY = "libc10.so";

    private final Properties process;
    private final String property;
    private final Path maps;

    /** Guarded by this. */
    private boolean claimed;

    /**
     * Creates a claim that was not made yet.
     *
     * @param process the system properties
     * @param property remembers the claim
     * @param maps lists the files that the process has mapped, as {@code /proc/self/maps} does
     */
    NativeClaim(Properties process, String property, Path maps) {
        this.process = process;
        this.property = property;
        this.maps = maps;
    }

    /**
     * Tells whether {@link #make} would be refused.
     *
     * @return why, and what to do; empty if libtorch is loaded from here or not at all
     */
    synchronized Optional<String> refusal() {
        if (claimed) {
            return Optional.empty();
        }
        if (process.getProperty(property) != null) {
            return Optional.of(
                    "libtorch was loaded in this process before this bundle was updated or installed anew, and"
                            + " cannot be loaded twice: restart the process");
        }
        return loadedFile()
                .map(file -> "another bundle has loaded a libtorch of its own in this process (" + file
                        + "), and a second one cannot be loaded: run Patchreel in a process without it");
    }

    /**
     * Claims libtorch for the classes of this class loader, at the latest before it is loaded. Making it again changes
     * nothing.
     *
     * @param holder who makes it, for people who look at the system properties
     * @return why it is refused, or empty
     */
    synchronized Optional<String> make(String holder) {
        Optional<String> refusal = refusal();
        if (refusal.isEmpty() && !claimed) {
            @Nullable Object earlier = process.putIfAbsent(property, holder);
            if (earlier != null) {
                return refusal();
            }
            claimed = true;
        }
        return refusal;
    }

    private Optional<String> loadedFile() {
        try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("/" + LIBRARY))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // without /proc, only our own property tells
        }
    }
}
