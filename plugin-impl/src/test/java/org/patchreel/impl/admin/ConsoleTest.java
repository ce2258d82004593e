package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

    private final CommandSession session = new CommandProcessorImpl(null)
            .createSession(
                    new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream());

    @Test
    void aCallersMistakeIsOneLineWithoutAStackTrace() {
        CommandException mistake = ended(new IllegalArgumentException("unknown model: sora"));
        assertEquals("unknown model: sora", mistake.getMessage());
        assertEquals(0, mistake.getStackTrace().length);
        assertEquals(2, session.get("patchreel.status"));
        // by this name Karaf's shell knows what is no fault of the program
        assertEquals("CommandException", mistake.getClass().getSimpleName());
    }

    @Test
    void aCancelledJobIsNoFault() {
        assertEquals("cancelled", ended(new CancellationException()).getMessage());
        assertEquals(130, session.get("patchreel.status"));
        assertEquals("cancelled", ended(new InterruptedException()).getMessage());
    }

    @Test
    void anUnexpectedFailureKeepsItsStackTrace() {
        IOException failure = new IOException("disk full");
        assertSame(
                failure,
                assertThrows(
                        IOException.class,
                        () -> Console.run(session, console -> {
                            throw failure;
                        })));
    }

    @Test
    void theFirstStatusOfAScriptStays() throws Exception {
        Console.run(session, console -> 0);
        assertNull(session.get("patchreel.status"));
        Console.run(session, console -> 1);
        Console.run(session, console -> 3);
        assertEquals(1, session.get("patchreel.status"));
    }

    @ParameterizedTest
    @CsvSource({"xterm,132,132", "xterm,0,80", "dumb,80,0", "xterm,,0", ",80,0", "xterm,wide,0"})
    void asksTheSessionForTheWidth(String type, String columns, int expected) {
        session.put("TERM", type);
        if (columns != null) {
            session.put("#COLUMNS", (Function) (any, arguments) -> columns);
        }
        assertEquals(expected, Console.of(session).columns().getAsInt());
    }

    @Test
    void printsProgressToTheSessionsOwnStreamWhichCanBeFlushed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream unflushed = new PrintStream(new BufferedOutputStream(bytes), false, UTF_8);
        CommandSession remote = new CommandProcessorImpl(null)
                .createSession(new ByteArrayInputStream(new byte[0]), unflushed, unflushed);
        Console console = Console.of(remote);
        console.err().print("denoising");
        console.err().flush();
        assertEquals("denoising", bytes.toString(UTF_8));
        Syntax syntax = new Syntax(Set.of(), Set.of("--json", "--quiet"));
        assertTrue(console.isQuiet(syntax.parse("--json")), "progress would come between the JSON");
        assertFalse(console.isQuiet(syntax.parse()));
    }

    @Test
    void printsProgressToTheStandardErrorWhereTheLauncherNamesIt() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        session.put("patchreel.err", new PrintStream(err, true, UTF_8));
        Console console = Console.of(session);
        console.err().print("denoising");
        console.err().flush();
        assertEquals("denoising", err.toString(UTF_8));
        assertFalse(console.isQuiet(new Syntax(Set.of(), Set.of("--json")).parse("--json")));
    }

    private CommandException ended(Exception failure) {
        return assertThrows(
                CommandException.class,
                () -> Console.run(session, console -> {
                    throw failure;
                }));
    }
}
