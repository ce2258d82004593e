package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

    /** Commands of the scripts. */
    @SuppressWarnings("DoNotCallSuggester") // Gogo calls them by their names
    public static final class Commands {
        private final List<String> said = new ArrayList<>();

        /** Remembers a word. */
        public void say(String word) {
            said.add(word);
        }

        /** A caller's mistake. */
        public void mistake(Object... arguments) {
            throw new IllegalArgumentException("height must be a multiple of 2: 65");
        }

        /** A failure. */
        public void fail() throws IOException {
            throw new IOException("the disk is full");
        }

        /** Runs a block. */
        public void call(CommandSession session, Function block) throws Exception {
            block.execute(session, List.of());
        }

        /** A mistake of the caller, as our commands tell it. */
        public void refuse(CommandSession session) throws Exception {
            Console.run(session, console -> {
                throw new IllegalArgumentException("width must be a multiple of 2: 65");
            });
        }

        /** Ctrl-C. */
        public void cancel() {
            throw new CancellationException("cancelled");
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final Commands commands = new Commands();
    private final ThreadIOImpl io = new ThreadIOImpl();

    @SuppressWarnings("NullAway.Init") // set before each test
    private CommandSession session;

    @BeforeEach
    void startGogo() {
        io.start();
        CommandProcessorImpl processor = new CommandProcessorImpl(io);
        PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        session = processor.createSession(new ByteArrayInputStream(new byte[0]), out, out);
        session.currentDir(folder);
        for (String name : List.of("say", "mistake", "fail", "call", "cancel", "refuse")) {
            processor.addCommand("test", commands, name);
        }
    }

    @AfterEach
    void stopGogo() {
        session.close();
        io.stop();
    }

    @Test
    void namesTheScriptAndTheLineOfACommandThatFails() throws Exception {
        assertEquals(
                "s.gogo, line 4: height must be a multiple of 2: 65",
                mistake("# comment\nsay one\n\nmistake a b\nsay after\n"));
        assertEquals(List.of("one"), commands.said);
        assertEquals("s.gogo, line 1: height must be a multiple of 2: 65", mistake("mistake"));
        assertEquals("s.gogo, line 2: Command not found: nosuch", mistake("say two\r\nnosuch x\r\n"));
        Exception failure = assertThrows(Exception.class, () -> run("say three\nfail\n"));
        assertEquals("s.gogo, line 2: the disk is full", failure.getMessage());
        assertEquals(Console.FAILED, session.get(Console.STATUS), "a failure is no mistake of the caller");
        assertInstanceOf(IOException.class, failure.getCause());
    }

    @Test
    void namesTheLineOfACommandWhoseBlockFails() throws Exception {
        assertEquals(
                "s.gogo, line 2: height must be a multiple of 2: 65",
                mistake("say one\ncall {\n  say in\n  mistake\n}\nsay after\n"));
    }

    @Test
    void aScriptThatIsNoProgramIsTheCallersMistake() throws Exception {
        assertEquals(
                "s.gogo, line 3: unexpected EOT looking for '}", mistake("say one\nif { true } { say x\nsay two\n"));
        assertEquals(List.of(), commands.said, "nothing runs");
        assertEquals("s.gogo, line 2: unexpected EOT looking for matching quote: \"", mistake("say one\nsay \"two\n"));
        assertEquals("s.gogo, line 2: expected '}' but got ')'", mistake("say one\n)\nsay two\n"));
    }

    @Test
    void passesOverAByteOrderMark() throws Exception {
        run("\uFEFFsay one\n");
        assertEquals(List.of("one"), commands.said);
    }

    @Test
    void handsArgumentsAndTheFolderToTheScript() throws Exception {
        run("say $1\nsay $script.folder\n", "a b; mistake");
        assertEquals(List.of("a b; mistake", folder.toString()), commands.said);
    }

    @Test
    void aCancelledScriptIsCancelled() {
        assertEquals(
                "cancelled",
                assertThrows(CommandException.class, () -> run("cancel\n")).getMessage());
        assertEquals(Console.CANCELLED, session.get(Console.STATUS));
    }

    @Test
    void keepsTheStatusOfACommandThatHasSetIt() {
        assertEquals(
                "s.gogo, line 2: width must be a multiple of 2: 65",
                assertThrows(CommandException.class, () -> run("say one\nrefuse\n"))
                        .getMessage());
        assertEquals(Console.MISTAKE, session.get(Console.STATUS));
    }

    private String mistake(String script) {
        session.put(Console.STATUS, null);
        String message = String.valueOf(
                assertThrows(CommandException.class, () -> run(script)).getMessage());
        assertEquals(Console.MISTAKE, session.get(Console.STATUS), message);
        session.put(Console.STATUS, null);
        return message;
    }

    private void run(String script, String... arguments) throws Exception {
        Files.writeString(folder.resolve("s.gogo"), script);
        List<String> all = new ArrayList<>(List.of("s.gogo"));
        all.addAll(List.of(arguments));
        new RunCommand().run(session, all.toArray(String[]::new));
    }
}
