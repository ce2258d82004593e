package org.patchreel.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Job;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.DefaultParser.Bracket;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/** Reads commands from a person at a terminal: with a history, completion, and Ctrl-C that cancels the command at work. */
final class Shell {

    /** Variable of the session: a {@link Runnable} with which the command at work ends in order. */
    private static final String INTERRUPT = "patchreel.interrupt";

    private static final String ERASE_LINE = "\r\u001b[K";
    private static final int HISTORY_LINES = 1000;

    private final CommandProcessor processor;
    private final CommandSession session;
    private final Commands commands;
    private final PrintStream out;

    Shell(CommandProcessor processor, CommandSession session, Commands commands, PrintStream out) {
        this.processor = processor;
        this.session = session;
        this.commands = commands;
        this.out = out;
    }

    /**
     * Reads and runs commands until {@code quit} or Ctrl-D.
     *
     * @param history the file that keeps what was typed
     * @return the status of the last command
     * @throws IOException if the terminal or the history cannot be used
     */
    int run(Path history) throws IOException {
        try (Terminal terminal = terminal()) {
            return run(terminal, history);
        }
    }

    /** As above, at a terminal of the caller's. */
    int run(Terminal terminal, Path history) throws IOException {
        TerminalWidth width = new TerminalWidth(terminal::getWidth);
        SessionTerminal.describe(session, width);
        return read(terminal, width, reader(terminal, history));
    }

    private int read(Terminal terminal, TerminalWidth width, LineReader reader) {
        int status = 0;
        while (true) {
            String line;
            try {
                line = reader.readLine(Commands.PROMPT);
            } catch (UserInterruptException e) {
                continue;
            } catch (EndOfFileException e) {
                return status;
            }
            if (Commands.isQuit(line)) {
                return status;
            }
            // The editor keeps to itself that the terminal was resized.
            width.resized();
            AtomicBoolean interrupted = new AtomicBoolean();
            Terminal.SignalHandler editor = terminal.handle(Signal.INT, signal -> interrupt(interrupted));
            Terminal.SignalHandler resized = terminal.handle(Signal.WINCH, signal -> width.resized());
            try {
                status = commands.runText(line);
            } finally {
                terminal.handle(Signal.INT, editor);
                terminal.handle(Signal.WINCH, resized);
            }
        }
    }

    /** The first Ctrl-C asks the command to end, the next one leaves it to itself. */
    private void interrupt(AtomicBoolean interrupted) {
        out.print(ERASE_LINE);
        out.flush();
        Job job = session.foregroundJob();
        if (!interrupted.getAndSet(true) && session.get(INTERRUPT) instanceof Runnable command) {
            command.run();
        } else if (job != null) {
            job.interrupt();
        }
    }

    private LineReader reader(Terminal terminal, Path history) throws IOException {
        DefaultParser parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true);
        parser.setEofOnUnclosedBracket(Bracket.CURLY, Bracket.ROUND, Bracket.SQUARE);
        makePrivate(history);
        return LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("patchreel")
                .parser(parser)
                .completer(new CommandCompleter(commands::known, new Answers(processor), session::currentDir))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
                // An exclamation mark in a prompt is one.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /** Prompts are private. */
    private static void makePrivate(Path history) throws IOException {
        if (!Files.exists(history)) {
            Files.createFile(
                    history, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    /** JLine finds its parts by the class loader of the thread. */
    private static Terminal terminal() throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Shell.class.getClassLoader());
        try {
            return TerminalBuilder.builder()
                    .system(true)
                    .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
                    .dumb(false)
                    .build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
