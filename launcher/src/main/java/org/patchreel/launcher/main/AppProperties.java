package org.patchreel.launcher.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * System properties by which the bundles, libraries in them and Java itself find their settings and the folders to write
 * into. What the command line sets stays.
 */
final class AppProperties {

    private AppProperties() {}

    /**
     * Sets them.
     *
     * @param installation has a folder for temporary files
     * @param home has the folder of configuration files
     */
    static void set(Installation installation, Path home) throws IOException {
        System.setProperty("java.io.tmpdir", installation.temporary().toString());
        System.setProperty("patchreel.natives", installation.natives().toString());
        if (!writable(System.getProperty("user.home"))) {
            // A user without one: what libraries keep there goes here.
            System.setProperty("user.home", home.toString());
        }
        Path conf = Files.createDirectories(home.resolve("conf"));
        setUnlessSet("felix.fileinstall.dir", conf.toString());
        setUnlessSet("felix.fileinstall.tmpdir", installation.temporary().toString());
        ExecutableJar.frameworkProperties().forEach(AppProperties::setUnlessSet);
    }

    private static boolean writable(String folder) {
        return folder != null && Path.of(folder).isAbsolute() && Files.isWritable(Path.of(folder));
    }

    private static void setUnlessSet(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
