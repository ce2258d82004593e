package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

            Within the script $args are the arguments, $1 the first of them, and $script.folder the script's folder.
            The script ends at the first command that fails.

            example: run product-shots.gogo shots""";

    private static final int MAX_BYTES = 1 << 20;

    /** Creates the command. */
    @Activate
    public RunCommand() {}

    /**
     * Runs the command.
     *
     * @param session in which the script runs; it takes the exit status
     * @param arguments the script and its arguments
     * @throws Exception if there is no such script; what the script's failing command throws
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
        // The arguments never become program text: whatever they contain reaches the script as it is.
        Object program = session.execute("{\n" + text(script) + "\n}");
        List<Object> given = List.copyOf(List.of(arguments).subList(1, arguments.length));
        ((Function) program).execute(session, given);
    }

    private static String text(Path script) throws IOException {
        try (InputStream in = Files.newInputStream(script)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(script + ": larger than 1 MiB");
            }
            return new String(bytes, UTF_8);
        }
    }
}
