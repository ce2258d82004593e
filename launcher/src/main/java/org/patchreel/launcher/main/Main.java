package org.patchreel.launcher.main;

import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.launch.Framework;

/**
 * Starts the app and runs one command in it: {@code java -jar patchreel.jar generate "a red ball"}. It writes into the
 * folders that the system properties {@value #HOME} and {@value #ASSETS} name, and nowhere else.
 */
public final class Main {

    /** System property: the folder of configuration, secrets, unpacked bundles and native libraries. */
    static final String HOME = "patchreel.home";

    /** System property: the folder of the clips. */
    static final String ASSETS = "patchreel.assets";

    /** Below {@value #HOME}: the operator's own bundles. */
    private static final String BUNDLES = "bundles";

    private static final int FAILED = 1;
    private static final int MISTAKE = 2;

    private Main() {}

    /**
     * Runs a command and ends the process with its exit status.
     *
     * @param arguments the command and its arguments; none to read commands from the standard input
     */
    public static void main(String... arguments) {
        try {
            System.exit(run(arguments));
        } catch (Exception e) {
            System.err.println("patchreel: " + message(e));
            if (arguments.length > 0 && arguments[0].equals("--debug")) {
                e.printStackTrace();
            }
            System.exit(FAILED);
        }
    }

    private static int run(String... arguments) throws Exception {
        @Nullable String unreadable = Encoding.unreadable(List.of(arguments));
        if (unreadable != null) {
            System.err.println("patchreel: " + unreadable);
            return MISTAKE;
        }
        Path home = folder(HOME, ".patchreel");
        folder(ASSETS, "assets");
        try (Installation installation = Installation.of(jar(), home)) {
            AppProperties.set(installation, home);
            Framework framework = AppFramework.start(installation, home.resolve(BUNDLES), arguments);
            Ending ending = Ending.onSignals(framework);
            int status = AppFramework.main(framework).call();
            ending.yieldTo();
            framework.stop();
            framework.waitForStop(0);
            return status;
        }
    }

    /** {@return the absolute path that a system property names; it is set to it} */
    private static Path folder(String property, String otherwise) {
        Path folder = Path.of(System.getProperty(property, otherwise))
                .toAbsolutePath()
                .normalize();
        System.setProperty(property, folder.toString());
        return folder;
    }

    private static Path jar() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String message(Exception e) {
        if (e instanceof AccessDeniedException || (e instanceof FileSystemException file && file.getReason() != null)) {
            FileSystemException file = (FileSystemException) e;
            String reason = file.getReason() == null ? "permission denied" : file.getReason();
            return file.getFile() + " cannot be written (" + reason
                    + "): set PATCHREEL_HOME to a folder that can be written";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
