package org.patchreel.launcher.main;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * Ends the process when a signal asks for it. The first signal stops the framework, which cancels the running generation
 * and removes what it made, or first lets a worker finish its clip; another one ends the process at once.
 *
 * <p>The process then dies of the signal itself, not by {@link System#exit}: that would run the destructors of native
 * libraries, and a kernel of libtorch that still computes would crash.
 */
final class Ending {

    /** HUP: the terminal was closed. */
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    /** A framework that stops within this time needs no explanation. */
    private static final long PATIENCE_MILLIS = 1000;

    /** Added to a signal's number: the exit status of a process that a signal ended, as shells report it. */
    private static final int SIGNALLED = 128;

    /** Services that are run before the framework stops: what a process does that works for others. */
    private static final String FINISHING = "(patchreel.before.stop=true)";

    private final Framework framework;
    private final AtomicBoolean begun = new AtomicBoolean();

    private Ending(Framework framework) {
        this.framework = framework;
    }

    /** Handles signals from now on. */
    static Ending onSignals(Framework framework) {
        Ending ending = new Ending(framework);
        SIGNALS.forEach(name -> Signals.handle(name, number -> ending.end(name, number)));
        return ending;
    }

    private void end(String signal, int number) {
        if (begun.getAndSet(true)) {
            die(signal, number);
        }
        boolean inOrder = finish();
        CountDownLatch stopped = new CountDownLatch(1);
        explain(stopped);
        try {
            framework.stop();
            framework.waitForStop(0);
        } catch (BundleException e) {
            System.err.println("patchreel: the framework does not stop: " + e.getMessage());
        } catch (InterruptedException e) {
            // ends at once
        }
        stopped.countDown();
        if (inOrder) {
            // not System.exit, see above
            Runtime.getRuntime().halt(0);
        }
        die(signal, number);
    }

    /**
     * Lets those finish what they do who have registered for that, while all bundles are still there.
     *
     * @return whether there were any: the process then ends in order, with the status 0
     */
    private boolean finish() {
        BundleContext context = framework.getBundleContext();
        boolean any = false;
        try {
            for (ServiceReference<Runnable> each : context.getServiceReferences(Runnable.class, FINISHING)) {
                Runnable finishing = context.getService(each);
                if (finishing != null) {
                    any = true;
                    finishing.run();
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return any;
    }

    /** Waits for ever if a signal is ending the process: it decides on the exit status. */
    void yieldTo() throws InterruptedException {
        if (begun.getAndSet(true)) {
            new CountDownLatch(1).await();
        }
    }

    private static void explain(CountDownLatch stopped) {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (!stopped.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                            System.err.println("patchreel: waiting up to 10 s for the operation that the model is in; a"
                                    + " second signal ends the process at once");
                        }
                    } catch (InterruptedException e) {
                        // nobody interrupts it
                    }
                },
                "patchreel-ending");
        thread.setDaemon(true);
        thread.start();
    }

    private static void die(String signal, int number) {
        try {
            Signals.reset(signal);
            String process = Long.toString(ProcessHandle.current().pid());
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            // halts
        }
        // The first process of a container is not ended by a signal of its own.
        Runtime.getRuntime().halt(SIGNALLED + number);
    }
}
