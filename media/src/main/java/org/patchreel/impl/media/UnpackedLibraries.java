package org.patchreel.impl.media;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Lets the framework delete what JavaCPP unpacked, once this bundle is uninstalled: Felix leaves symbolic links whose target it
 * has deleted before, and with them the bundle's folder. When the bundle starts again, JavaCPP makes them anew.
 */
@Component(service = {})
public final class UnpackedLibraries {

    /** In the bundle's data area. */
    private static final String FOLDER = "javacpp";

    /** Framework property: folder of native libraries that processes with the same bundles share; the app sets it. */
    private static final String SHARED = "patchreel.natives";

    private final @Nullable Path folder;

    /** Remembers the folder; it need not exist. */
    @Activate
    public UnpackedLibraries(BundleContext context) {
        this(context.getDataFile(FOLDER));
    }

    UnpackedLibraries(@Nullable File folder) {
        this.folder = folder == null ? null : folder.toPath();
    }

    /**
     * {@return where to unpack: the folder that processes share, or else one in this bundle's data area; null without OSGi or
     * without such an area}
     */
    static @Nullable File location() {
        @Nullable Bundle bundle = FrameworkUtil.getBundle(UnpackedLibraries.class);
        @Nullable BundleContext context = bundle == null ? null : bundle.getBundleContext();
        if (context == null) {
            return null;
        }
        @Nullable String shared = context.getProperty(SHARED);
        return shared == null ? context.getDataFile(FOLDER) : new File(shared, FOLDER);
    }

    /** Removes the links. */
    @Deactivate
    void removeLinks() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isSymbolicLink).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
