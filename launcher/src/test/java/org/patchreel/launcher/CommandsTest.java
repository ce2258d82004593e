package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Recorder recorder = new Recorder();

    /** A command that remembers its arguments. */
    public static final class Recorder {
        private final List<List<String>> calls = new ArrayList<>();

        /** Gogo calls public methods. */
        public void generate(String... arguments) {
            calls.add(Arrays.asList(arguments));
        }

        /** Fails as commands do. */
        public void fail(String... arguments) {
            throw new IllegalArgumentException("no good: " + String.join(" ", arguments));
        }

        /** Asks for an exit status. */
        public void judge(CommandSession session, String... arguments) {
            session.put("patchreel.status", 3);
        }

        /** Asks for an exit status and fails. */
        public void cancel(CommandSession session) {
            session.put("patchreel.status", 130);
            throw new IllegalStateException("cancelled");
        }

        /** Fails without asking for a status. */
        public void breakDown(String... arguments) {
            String said = String.join(" ", arguments);
            throw new IllegalStateException("broken: " + said);
        }

        /** Returns what Gogo prints. */
        public String answer() {
            return "forty-two";
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "it costs $5 \"quoted\" | pipe",
                "a 'single' `back` quote",
                "two\nlines\tand a tab",
                "$args ${args} $(date) <(x) %{1+1}",
                "{ a } [ b ] (c) ; d & e # f",
                "back\\slash and \\n",
                "~ * ? [a-z] {a,b}",
                "\u4e2d\u6587 \ud83d\ude80 \u00fc",
                "=x",
                "",
            })
    void handsAnyTextToTheCommandUnharmed(String text) {
        assertEquals(0, run("generate", text, "--seed", "7"));
        assertEquals(List.of(text, "--seed", "7"), recorder.calls.get(0));
    }

    @Test
    void runsACommandWithoutArguments() {
        assertEquals(0, run("generate"));
        assertEquals(List.of(List.of()), recorder.calls);
    }

    @Test
    void printsAResult() {
        assertEquals(0, run("answer"));
        assertEquals("forty-two\n", out.toString(UTF_8));
    }

    @Test
    void reportsAMistakeInOneLine() {
        assertEquals(2, run("fail", "x $y"));
        assertEquals("patchreel: no good: x $y\n", err.toString(UTF_8));
        assertEquals("", out.toString(UTF_8));
    }

    @Test
    void endsWithTheStatusThatACommandAsksForWithoutAnErrorLine() {
        assertEquals(3, run("judge", "x"));
        assertEquals("", out.toString(UTF_8) + err);
        assertEquals(3, interact("answer\njudge\n"));
        assertEquals(0, interact("judge\nanswer\n"));
    }

    @Test
    void namesTheKnownCommandsWhenItMeetsAnother() {
        assertEquals(2, run("paint"));
        assertEquals(
                "patchreel: unknown command: paint, known: answer, breakdown, cancel, fail, generate, judge; help tells more\n",
                err.toString(UTF_8));
    }

    @Test
    void nothingInAMessageControlsATerminalOrBeginsALine() {
        assertEquals(2, run("fail", "a\u001b[2J\u009b1m\u202eb\npatchreel: all is well"));
        assertEquals("patchreel: no good: a\ufffd[2J\ufffd1m\ufffdb patchreel: all is well\n", err.toString(UTF_8));
    }

    @Test
    void neverTakesACommandsNameForProgramText() {
        assertEquals(2, run("generate x; answer"));
        assertEquals(2, run("--frobnicate"));
        assertEquals(2, run(""));
        assertEquals("", out.toString(UTF_8));
        assertTrue(recorder.calls.isEmpty());
    }

    @Test
    void pointsToTheDoctorWhenACommandOfOursIsMissing() {
        assertEquals(1, run("assets"));
        assertTrue(err.toString(UTF_8).contains("doctor says which"));
    }

    @Test
    void readsCommandsUntilTheEndOfInput() {
        assertEquals(2, interact("generate 'a b'\nanswer\nfail z\n"));
        assertEquals(List.of(List.of("a b")), recorder.calls);
        assertEquals("patchreel> patchreel> forty-two\npatchreel> patchreel> ", out.toString(UTF_8));
        assertEquals("patchreel: no good: z\n", err.toString(UTF_8));
    }

    @Test
    void readsCommandsUntilExit() {
        assertEquals(0, interact("exit\ngenerate x\n"));
        assertTrue(recorder.calls.isEmpty());
    }

    @Test
    void readsCommandsUntilQuit() {
        assertEquals(0, interact(" quit \ngenerate x\n"));
        assertTrue(recorder.calls.isEmpty());
    }

    @Test
    void aTypoIsOneLineThatNamesTheKnownCommands() {
        assertEquals(2, interact("genrate x\n"));
        assertEquals(
                "patchreel: unknown command: genrate, known: answer, breakdown, cancel, fail, generate, judge; help tells more\n",
                err.toString(UTF_8));
    }

    @Test
    void helpListsTheCommandsWithALineEach() {
        assertEquals(0, interact("help patchreel\n"));
        assertTrue(out.toString(UTF_8).contains("\n  models                            lists the installed models\n"));
        out.reset();
        assertEquals(0, interact("help\n"));
        assertTrue(out.toString(UTF_8).contains("\n  doctor "));
    }

    @Test
    void helpOfACommandIsItsOwn() {
        assertEquals(0, interact("help generate\n"));
        assertEquals(List.of(List.of("--help")), recorder.calls);
    }

    @Test
    void aCommandThatFailsMayAskForAStatus() {
        assertEquals(130, run("cancel"));
        assertEquals("patchreel: cancelled\n", err.toString(UTF_8));
        assertEquals(1, interact("cancel\nbreakDown\n"));
    }

    private int run(String... command) {
        try (CommandSession session = session()) {
            return commands(session).run(List.of(command));
        }
    }

    private int interact(String input) {
        try (CommandSession session = session()) {
            return commands(session).interact(new ByteArrayInputStream(input.getBytes(UTF_8)));
        }
    }

    private Commands commands(CommandSession session) {
        return new Commands(
                session, new PrintStream(out, true, UTF_8), new Errors(new PrintStream(err, true, UTF_8), false));
    }

    private CommandSession session() {
        CommandProcessorImpl processor = new CommandProcessorImpl(null);
        for (String name : List.of("generate", "fail", "answer", "judge", "cancel", "breakDown")) {
            processor.addCommand("patchreel", recorder, name);
        }
        return processor.createSession(new ByteArrayInputStream(new byte[0]), out, err);
    }
}
