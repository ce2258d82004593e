package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code patchreel:run}: runs a Gogo script. */
@Component(
        service = RunCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=run"})
public final class RunCommand {

    private static final String USAGE = """
            run SCRIPT.gogo [arguments]        runs a Gogo script

            Within the script $args are the arguments, $1 the first of them, and
            $script.folder the script's folder. The script ends at the first command that
            fails; the message names its line.

            example: run product-shots.gogo shots""";

    private static final int MAX_BYTES = 1 << 20;

    /** Gogo's variable for the place where a program failed: {@code LINE.COLUMN}, behind other text maybe. */
    private static final String LOCATION = ".location";

    private static final Pattern LINE = Pattern.compile("(\\d{1,7})\\.\\d{1,7}$");

    /** A command of a script has failed. */
    private static final class ScriptException extends Exception {
        private static final long serialVersionUID = 1L;

        ScriptException(String message, Exception cause) {
            super(message, cause);
        }
    }

    /** Creates the command. */
    @Activate
    public RunCommand() {}

    /**
     * Runs the command.
     *
     * @param session in which the script runs; it takes the exit status
     * @param arguments the script and its arguments
     * @throws Exception if there is no such script, or it is no program; what the script's failing command throws
     */
    @Descriptor("runs a Gogo script: run product-shots.gogo shots")
    public void run(CommandSession session, @Descriptor("script and its arguments, see --help") String... arguments)
            throws Exception {
        Console.run(session, console -> {
            run(session, console, arguments);
            return 0;
        });
    }

    private static void run(CommandSession session, Console console, String... arguments) throws Exception {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("script is missing; --help shows how");
        }
        if (arguments[0].equals("--help")) {
            console.out().println(USAGE);
            return;
        }
        Path script =
                session.currentDir().resolve(arguments[0]).toAbsolutePath().normalize();
        if (!Files.isRegularFile(script)) {
            throw new IllegalArgumentException("no such script: " + arguments[0]);
        }
        session.put("script.folder", String.valueOf(script.getParent()));
        session.put(LOCATION, null);
        List<Object> given = List.copyOf(List.of(arguments).subList(1, arguments.length));
        program(session, arguments[0], text(script)).execute(session, given);
    }

    /** A program whose failures name the script and the line. */
    private static Function program(CommandSession session, String script, String text) {
        Function program;
        try {
            // The arguments never become program text: whatever they contain reaches the script as it is.
            program = (Function) session.execute("{\n" + text + "\n}");
        } catch (Exception e) {
            long lines = Math.max(1, text.lines().count());
            String line = syntaxLine(e).stream()
                    .mapToObj(number -> ", line " + Math.min(number, lines))
                    .findFirst()
                    .orElse("");
            throw new IllegalArgumentException(script + line + ": " + message(e), e);
        }
        return (context, arguments) -> {
            try {
                return program.execute(context, arguments);
            } catch (InterruptedException | CancellationException e) {
                throw e;
            } catch (CommandException e) {
                // a command of ours, which has set the exit status
                throw new CommandException(place(context, script) + message(e), e);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(place(context, script) + message(e), e);
            } catch (Exception e) {
                throw new ScriptException(place(context, script) + message(e), e);
            }
        };
    }

    private static String place(CommandSession session, String script) {
        Matcher line = LINE.matcher(String.valueOf(session.get(LOCATION)));
        return script + (line.find() ? ", line " + line.group(1) : "") + ": ";
    }

    /** The line that Gogo's {@code SyntaxError} names, a class that hosts need not export. */
    private static OptionalInt syntaxLine(Exception failure) {
        Throwable error = failure.getCause() == null ? failure : failure.getCause();
        try {
            return OptionalInt.of((int) error.getClass().getMethod("line").invoke(error));
        } catch (ReflectiveOperationException | ClassCastException e) {
            return OptionalInt.empty();
        }
    }

    private static String message(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static String text(Path script) throws IOException {
        try (InputStream in = Files.newInputStream(script)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(script + ": larger than 1 MiB");
            }
            String text = new String(bytes, UTF_8);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        }
    }
}
