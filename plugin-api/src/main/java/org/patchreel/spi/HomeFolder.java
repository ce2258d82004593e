package org.patchreel.spi;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.framework.BundleContext;

/**
 * The folder that relative paths of configurations start from: the framework property {@value #PROPERTY}, else the working
 * directory.
 *
 * @param configured what the property says; empty if it is not set or empty
 */
public record HomeFolder(Optional<Path> configured) {

    /** The framework property. */
    public static final String PROPERTY = "patchreel.home";

    /**
     * Reads the property.
     *
     * @param context of a bundle
     * @return the folder
     */
    public static HomeFolder of(BundleContext context) {
        return new HomeFolder(Optional.ofNullable(context.getProperty(PROPERTY))
                .filter(path -> !path.isEmpty())
                .map(Path::of));
    }

    /** {@return the folder, absolute} */
    public Path path() {
        return configured.orElse(Path.of("")).toAbsolutePath();
    }

    /**
     * Finds a file of the configuration.
     *
     * @param path relative to this folder, or absolute
     * @return absolute, not normalised
     */
    public Path resolve(String path) {
        return path().resolve(path);
    }
}
