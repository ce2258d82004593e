package org.patchreel.launcher.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The framework with the bundles of the app. They are installed by reference and started once for each storage, which
 * remembers both: later starts only compare.
 */
final class AppFramework {

    /** Felix and Equinox read such a bundle where it lies. */
    private static final String BY_REFERENCE = "reference:";

    /** Property of a service by which the launcher bundle gets its arguments; bnd's launcher has the same. */
    private static final String ARGUMENTS = "launcher.arguments";

    /** The command that is a host: it works until it is asked to end. */
    private static final String SERVE = "serve";

    /** Framework property: symbolic name of the bundle that this command starts. */
    private static final String SERVER = "patchreel.server";

    /** Framework property: whether the process runs one command and ends; the jobs that others have left are not its business. */
    private static final String COMMAND = "patchreel.command";

    /** The service that runs a command; the launcher bundle's. */
    private static final String MAIN = "(&(objectClass=" + Callable.class.getName() + ")(main.thread=true))";

    private static final long MAX_WAIT_MILLIS = TimeUnit.SECONDS.toMillis(60);

    private AppFramework() {}

    /**
     * Starts it.
     *
     * @param installation holds its bundles and its storage
     * @param folder of the operator's own bundles; it need not exist
     * @param arguments of the process, for the launcher bundle
     * @throws BundleException if one of the operator's own bundles cannot be started: it may be a policy, without which
     *     nothing should be made
     */
    static Framework start(Installation installation, Path folder, String... arguments)
            throws IOException, BundleException {
        List<Path> added = jars(folder);
        System.setProperty(COMMAND, Boolean.toString(isCommand(arguments)));
        Framework framework = initialized(installation, added);
        BundleContext context = framework.getBundleContext();
        context.addFrameworkListener(AppFramework::report);
        context.registerService(Object.class, new Object(), FrameworkUtil.asDictionary(Map.of(ARGUMENTS, arguments)));
        framework.start();
        try {
            requireStarted(framework, added);
        } catch (BundleException e) {
            framework.stop();
            throw e;
        }
        return framework;
    }

    private static boolean isCommand(String... arguments) {
        return Stream.of(arguments)
                .filter(argument -> !argument.equals("--debug"))
                .findFirst()
                .filter(command -> !command.equals(SERVE))
                .isPresent();
    }

    /** {@return the jars in a folder, in the order of their names} */
    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void requireStarted(Framework framework, List<Path> added) throws BundleException {
        for (Path file : added) {
            Bundle bundle = framework.getBundleContext().getBundle(location(file));
            if (!isFragment(bundle) && (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE)) == 0) {
                try {
                    bundle.start();
                } catch (BundleException e) {
                    throw new BundleException(file + " cannot be started: " + e.getMessage(), e);
                }
            }
        }
    }

    private static String location(Path bundle) {
        return BY_REFERENCE + bundle.toUri();
    }

    private static boolean isFragment(Bundle bundle) {
        return (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    private static Framework initialized(Installation installation, List<Path> added)
            throws IOException, BundleException {
        try {
            return withBundles(installation, added);
        } catch (BundleException | RuntimeException e) {
            // A storage that a dying process or a full disk left half-written is made anew.
            installation.clearStorage();
            return withBundles(installation, added);
        }
    }

    private static Framework withBundles(Installation installation, List<Path> added)
            throws IOException, BundleException {
        Map<String, String> properties = new HashMap<>(ExecutableJar.frameworkProperties());
        properties.replaceAll(System::getProperty);
        properties.put(Constants.FRAMEWORK_STORAGE, installation.storage().toString());
        properties.put(
                "felix.cache.locking", "false"); // the installation's lock is enough, and survives a failure here
        properties.put("felix.log.level", "0"); // its errors are reported here, not on the standard output
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(properties);
        try {
            framework.init();
            installAndMarkStarted(framework, installation, added);
            return framework;
        } catch (BundleException | RuntimeException e) {
            framework.stop();
            throw e;
        }
    }

    /** Leaves a storage that has all bundles as it is. */
    private static void installAndMarkStarted(Framework framework, Installation installation, List<Path> added)
            throws IOException, BundleException {
        Map<String, Bundle> installed = new LinkedHashMap<>();
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            installed.put(bundle.getLocation(), bundle);
        }
        installed.remove(Constants.SYSTEM_BUNDLE_LOCATION);
        List<Path> files = new ArrayList<>();
        for (String name : ExecutableJar.bundles()) {
            files.add(installation.bundles().resolve(name));
        }
        files.addAll(added);
        List<Bundle> wanted = new ArrayList<>();
        for (Path file : files) {
            Bundle known = installed.remove(location(file));
            wanted.add(known == null ? framework.getBundleContext().installBundle(location(file)) : known);
        }
        for (Bundle other : installed.values()) {
            other.uninstall();
        }
        @Nullable String server = framework.getBundleContext().getProperty(SERVER);
        for (Bundle bundle : wanted) {
            if (!isFragment(bundle)
                    && (server == null || !server.equals(bundle.getSymbolicName()))
                    && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
                bundle.start(); // with the framework
            }
        }
    }

    private static void report(FrameworkEvent event) {
        if (event.getType() == FrameworkEvent.ERROR) {
            System.err.println("patchreel: bundle " + event.getBundle().getSymbolicName() + ": "
                    + (event.getThrowable() == null
                            ? "failed"
                            : event.getThrowable().getMessage()));
        }
    }

    /**
     * Waits for the program that runs commands.
     *
     * @return its exit status
     */
    static Callable<Integer> main(Framework framework) throws BundleException, InterruptedException {
        BundleContext context = framework.getBundleContext();
        try {
            ServiceTracker<Object, Callable<Integer>> tracker =
                    new ServiceTracker<>(context, context.createFilter(MAIN), null);
            tracker.open();
            Callable<Integer> main = tracker.waitForService(MAX_WAIT_MILLIS);
            if (main == null) {
                throw new BundleException("the launcher bundle does not start");
            }
            return main;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
