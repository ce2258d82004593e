package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.jline.utils.Signals;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Found and called by the program of the executable jar when all bundles are started; what it returns is the exit status of
 * the process: 0 if the command succeeded, 1 if it failed, 2 for a caller's mistake. Without arguments it reads commands
 * from the terminal or the standard input.
 */
@Component(service = Callable.class, property = "main.thread:Boolean=true")
public final class Launcher implements Callable<Integer> {

    /** Variable of the session: where commands print progress and messages. */
    private static final String ERR = "patchreel.err";

    /** Variable of the session: whether the standard output is a pipe or a file. */
    private static final String PIPED = "patchreel.piped";

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
            session.put(ERR, err);
            session.put(PIPED, isTrue("patchreel.piped"));
            Commands commands = new Commands(session, out, new Errors(err, debug));
            if (!command.isEmpty() && Usage.asked(command.get(0))) {
                return commands.help(command);
            }
            if (!command.isEmpty() && command.get(0).equals("--version")) {
                out.println("patchreel " + context.getBundle().getVersion());
                return 0;
            }
            boolean interactive = command.isEmpty() && isTrue("patchreel.interactive");
            if (interactive) {
                out.println(Usage.greeting(context.getBundle().getVersion()));
            } else if (isTrue("patchreel.terminal")) {
                TerminalWidth width = new TerminalWidth(TerminalWidth::ofStandardError);
                Signals.register("WINCH", width::resized);
                SessionTerminal.describe(session, width);
            }
            Readiness.await(context);
            if (interactive) {
                Path home = Path.of(context.getProperty("patchreel.home"));
                return new Shell(processor, session, commands, out).run(home.resolve("history"));
            }
            return command.isEmpty() ? commands.interact(System.in) : commands.run(command);
        } catch (IOException e) {
            return new Errors(err, debug).report(e);
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** {@return a property that the script sets, which knows what a terminal is} */
    private boolean isTrue(String property) {
        return Boolean.parseBoolean(context.getProperty(property));
    }
}
