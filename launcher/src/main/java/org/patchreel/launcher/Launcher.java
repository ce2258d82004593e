package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Found and called by the program of the executable jar when all bundles are started; what it returns is the exit status of the process: 0
 * if the command succeeded, 1 if it failed, 2 for a caller's mistake. Without arguments it reads commands from the
 * standard input.
 */
@Component(service = Callable.class, property = "main.thread:Boolean=true")
public final class Launcher implements Callable<Integer> {

    private final BundleContext context;
    private final CommandProcessor processor;
    private final List<String> arguments;

    /**
     * Creates the main program.
     *
     * @param context of this bundle
     * @param processor runs commands
     * @param launcher properties of a service of that program, which hold the arguments of the process
     */
    @Activate
    public Launcher(
            BundleContext context,
            @Reference CommandProcessor processor,
            @Reference(service = Object.class, target = "(launcher.arguments=*)") Map<String, Object> launcher) {
        this.context = context;
        this.processor = processor;
        this.arguments = launcher.get("launcher.arguments") instanceof String[] given ? List.of(given) : List.of();
    }

    @Override
    public Integer call() throws InterruptedException {
        // The encoding of System.out follows the locale; prompts and JSON are UTF-8 in any.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        boolean debug = !arguments.isEmpty() && arguments.get(0).equals("--debug");
        List<String> command = debug ? arguments.subList(1, arguments.size()) : arguments;
        int status = run(command, debug, out, err);
        if (out.checkError() && status == 0) {
            err.println("patchreel: the standard output cannot be written");
            return Errors.FAILED;
        }
        return status;
    }

    private int run(List<String> command, boolean debug, PrintStream out, PrintStream err) throws InterruptedException {
        try (CommandSession session = processor.createSession(System.in, out, err)) {
            Commands commands = new Commands(session, out, new Errors(err, debug));
            if (!command.isEmpty() && Usage.asked(command.get(0))) {
                out.println(Usage.TEXT);
                return 0;
            }
            if (!command.isEmpty() && command.get(0).equals("--version")) {
                out.println("patchreel " + context.getBundle().getVersion());
                return 0;
            }
            Readiness.awaitModels(context);
            return command.isEmpty() ? commands.interact(System.in) : commands.run(command);
        } finally {
            out.flush();
            err.flush();
        }
    }
}
