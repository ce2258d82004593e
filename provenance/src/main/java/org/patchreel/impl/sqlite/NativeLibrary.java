package org.patchreel.impl.sqlite;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Where SQLite's native library is unpacked. SQLite makes a copy for each process, as a library that one class loader has loaded
 * cannot be loaded by the next one, and a bundle that is refreshed gets a next one. The app does not need that: there the
 * library is kept for all processes, and a start does not write it again.
 *
 * @param folder to unpack into
 * @param kept if the library is kept there, and not a copy for this process
 */
public record NativeLibrary(Path folder, boolean kept) {

    /** Framework property: folder of native libraries that processes with the same bundles share; the app sets it. */
    private static final String SHARED = "patchreel.natives";

    /** Names of the properties that SQLite reads: of a library that is there, and of the folder for copies. */
    private static final String LIBRARY = "org.sqlite.lib.path";

    private static final String COPIES = "org.sqlite.tmpdir";

    private static boolean loaded;

    /** {@return a bundle's place; null for the system's folder of temporary files} */
    public static @Nullable NativeLibrary of(BundleContext context) {
        @Nullable String shared = context.getProperty(SHARED);
        if (shared != null) {
            return new NativeLibrary(Path.of(shared, "sqlite"), true);
        }
        @Nullable File data = context.getDataFile("sqlite");
        return data == null ? null : new NativeLibrary(data.toPath(), false);
    }

    /**
     * Loads the library, once in the life of this bundle. Properties are set for that moment only: others may use SQLite, too.
     */
    static synchronized void load(@Nullable NativeLibrary place) throws IOException {
        if (loaded) {
            return;
        }
        boolean chosen = System.getProperty(COPIES) != null || System.getProperty(LIBRARY) != null;
        Map<String, String> properties = place == null || chosen ? Map.of() : place.prepare();
        properties.forEach(System::setProperty);
        try {
            SQLiteJDBCLoader.initialize();
            withdrawDriver();
            loaded = true;
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("SQLite cannot be loaded: " + e.getMessage(), e);
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    /** {@return the property that leads SQLite here} */
    private Map<String, String> prepare() throws IOException {
        Files.createDirectories(folder);
        if (kept) {
            unpack();
        }
        return Map.of(kept ? LIBRARY : COPIES, folder.toString());
    }

    /** Writes the library, unless it is there. A system for which SQLite has none is told so when it loads. */
    private void unpack() throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        Path library = folder.resolve(name);
        try (InputStream in =
                SQLiteJDBCLoader.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name)) {
            if (in == null || Files.exists(library)) {
                return;
            }
            Path part = Files.createTempFile(folder, name, ".part");
            try {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
    }

    /** The driver registers itself for the whole process, which would hold it after this bundle has gone. */
    private static void withdrawDriver() throws SQLException {
        JDBC.isValidURL(""); // the class registers it when it is initialised
        for (Driver driver :
                DriverManager.drivers().filter(JDBC.class::isInstance).toList()) {
            DriverManager.deregisterDriver(driver);
        }
    }
}
