package org.patchreel.impl.media;

import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Records which FFmpeg a process has loaded. The classes of an updated bundle load its libraries again, but the dynamic linker goes on
 * to use those of this name that are there: the same build works, another one would be mixed with what was built for the
 * first. A system property, which outlives the classes, remembers the build.
 */
final class FfmpegClaim {

    private final Properties process;
    private final String property;
    private final String build;

    /**
     * Creates a claim that was not made yet.
     *
     * @param process the system properties
     * @param property remembers the build
     * @param build that is to be loaded
     */
    FfmpegClaim(Properties process, String property, String build) {
        this.process = process;
        this.property = property;
        this.build = build;
    }

    /**
     * Claims the process for the build.
     *
     * @return why it is refused, and what to do; or empty
     */
    Optional<String> make() {
        @Nullable Object loaded = process.putIfAbsent(property, build);
        return loaded == null || loaded.equals(build)
                ? Optional.empty()
                : Optional.of("FFmpeg " + loaded + " was loaded in this process before this bundle was updated, and "
                        + build + " cannot be loaded beside it: restart the process");
    }
}
