package org.patchreel.launcher.main;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The executable jar as bnd exports it: bundles, and {@code launcher.properties}, which lists them in the order of starting
 * and holds the properties of the framework.
 */
final class ExecutableJar {

    private static final String PROPERTIES = "launcher.properties";
    private static final String BUNDLES = "launch.bundles";
    private static final String BND_PREFIX = "launch.";
    private static final String CAPABILITIES = "org.osgi.framework.system.capabilities.extra";

    private final Path file;

    ExecutableJar(Path file) {
        this.file = file;
    }

    /** {@return properties of the framework, as in {@code -runproperties}, and capabilities of the system} */
    static Map<String, String> frameworkProperties() throws IOException {
        Properties launcher = launcherProperties();
        Map<String, String> properties = new TreeMap<>();
        for (String name : launcher.stringPropertyNames()) {
            if (!name.startsWith(BND_PREFIX)) {
                properties.put(name, launcher.getProperty(name));
            }
        }
        properties.put(CAPABILITIES, launcher.getProperty("launch.system.capabilities", ""));
        return properties;
    }

    /** {@return the names of the bundles, in the order of starting} */
    static List<String> bundles() throws IOException {
        return entries().stream()
                .map(entry -> entry.substring(entry.lastIndexOf('/') + 1))
                .toList();
    }

    private static List<String> entries() throws IOException {
        return List.of(launcherProperties().getProperty(BUNDLES).split("\\s*,\\s*"));
    }

    private static Properties launcherProperties() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = ExecutableJar.class.getClassLoader().getResourceAsStream(PROPERTIES)) {
            if (in == null) {
                throw new IOException("the executable jar has no " + PROPERTIES);
            }
            properties.load(in);
        }
        return properties;
    }

    /**
     * Unpacks each bundle into a folder of its own.
     *
     * @param target holds the folders
     */
    void unpackBundles(Path target) throws IOException {
        try (ZipFile jar = new ZipFile(file.toFile())) {
            for (String entry : entries()) {
                ZipEntry bundle = jar.getEntry(entry);
                if (bundle == null) {
                    throw new IOException(file + " has no " + entry);
                }
                Path folder = target.resolve(entry.substring(entry.lastIndexOf('/') + 1));
                try (ZipInputStream in = new ZipInputStream(jar.getInputStream(bundle))) {
                    unpack(in, Files.createDirectory(folder));
                }
            }
        }
    }

    private static void unpack(ZipInputStream in, Path folder) throws IOException {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            Path path = folder.resolve(entry.getName()).normalize();
            if (!path.startsWith(folder)) {
                throw new IOException("entry " + entry.getName() + " leads out of " + folder);
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else {
                Files.createDirectories(path.getParent());
                Files.copy(in, path);
            }
        }
    }
}
