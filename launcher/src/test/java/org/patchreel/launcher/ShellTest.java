package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ShellTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<String> said = new ArrayList<>();

    /** A command that remembers its argument, and fails without one. */
    public final class Speaker {
        /** Gogo calls public methods. */
        public void say(String... words) {
            if (words.length == 0) {
                throw new IllegalArgumentException("say what?");
            }
            said.add(String.join(" ", words));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit", "exit", "  quit  "})
    void quitEndsItWithTheStatusOfTheLastCommand(String quit) throws IOException {
        assertEquals(0, type("say hello\n" + quit + "\nsay more\n"));
        assertEquals(2, type("say again\nsay\n" + quit + "\nsay more\n"));
        assertEquals(List.of("hello", "again"), said);
    }

    @Test
    void theEndOfInputEndsItAsQuitDoes() throws IOException {
        assertEquals(2, type("say hello\nsay\n"));
        assertEquals(List.of("hello"), said);
    }

    @Test
    void whatWasTypedIsKeptForTheNextTimeAndForNobodyElse() throws IOException {
        type("say hello\nquit\n");
        assertTrue(Files.readString(history()).contains("say hello"));
        assertEquals(
                "[OWNER_READ, OWNER_WRITE]",
                Files.getPosixFilePermissions(history()).stream()
                        .sorted()
                        .toList()
                        .toString());
    }

    private Path history() {
        return folder.resolve("history");
    }

    private int type(String keys) throws IOException {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(screen, true, UTF_8);
        CommandProcessorImpl processor = new CommandProcessorImpl(null);
        processor.addCommand("patchreel", new Speaker(), "say");
        try (CommandSession session = processor.createSession(InputStream.nullInputStream(), out, out);
                Terminal terminal = new DumbTerminal(new ByteArrayInputStream(keys.getBytes(UTF_8)), out)) {
            Commands commands = new Commands(session, out, new Errors(out, false));
            return new Shell(processor, session, commands, out).run(terminal, history());
        }
    }
}
