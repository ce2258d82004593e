package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/** Runs Gogo commands, one from the arguments of the process or one after the other from a stream. */
final class Commands {

    static final String SCOPE = "patchreel";
    static final String PROMPT = "patchreel> ";

    private static final Set<String> QUIT = Set.of("quit", "exit");

    /** Gogo's name for the variable that lists all commands as {@code scope:name}. */
    private static final String ALL_COMMANDS = ".commands";

    /** Variable of the session by which a command that has not failed asks for another exit status than 0. */
    private static final String STATUS = "patchreel.status";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*(:[A-Za-z][A-Za-z0-9._-]*)?");

    private final CommandSession session;
    private final PrintStream out;
    private final Errors errors;

    Commands(CommandSession session, PrintStream out, Errors errors) {
        this.session = session;
        this.out = out;
        this.errors = errors;
        session.put("SCOPE", SCOPE + ":*");
    }

    /** Runs one command and returns its exit status. */
    int run(List<String> command) {
        try {
            // The arguments never become program text: whatever they contain reaches the command as it is.
            Object closure = session.execute("{ " + qualified(command.get(0)) + " $args }");
            List<Object> arguments = List.copyOf(command.subList(1, command.size()));
            print(((Function) closure).execute(session, arguments));
            return status();
        } catch (Exception e) {
            return report(e);
        }
    }

    /** Reads and runs program text line by line, until {@code quit}, {@code exit} or the end of input. */
    int interact(InputStream input) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(input, UTF_8));
        int status = 0;
        try {
            while (true) {
                out.print(PROMPT);
                out.flush();
                String line = lines.readLine();
                if (line == null || isQuit(line)) {
                    return status;
                }
                status = runText(line);
            }
        } catch (IOException e) {
            return errors.report(e);
        }
    }

    static boolean isQuit(String line) {
        return QUIT.contains(line.strip());
    }

    /** Runs program text and returns its exit status. */
    int runText(String line) {
        session.put(STATUS, null);
        try {
            String[] words = line.strip().split("\\s+", 3);
            if (words[0].equals("help") && words.length < 3) {
                help(words.length == 1 ? SCOPE : words[1]);
            } else {
                print(session.execute(line));
            }
            return status();
        } catch (CommandNotFoundException e) {
            return report(unknown(e.getCommand()));
        } catch (Exception e) {
            return report(e);
        }
    }

    /** Answers a question for help, of all commands or of the one that it names, and returns the exit status. */
    int help(List<String> question) {
        try {
            help(question.size() == 1 ? SCOPE : question.get(1));
            return 0;
        } catch (Exception e) {
            return report(e);
        }
    }

    /** Prints what a command does, or all of them; what is no command of ours is left to Gogo. */
    private void help(String name) throws Exception {
        if (name.equals(SCOPE)) {
            out.println(Usage.TEXT);
        } else if (known().containsKey(name)) {
            session.execute(SCOPE + ":" + name + " --help");
        } else if (NAME.matcher(name).matches()) {
            print(session.execute("help " + name));
        } else {
            throw unknown(name);
        }
    }

    private int report(Exception failure) {
        int status = errors.report(failure);
        int asked = status();
        return asked == 0 ? status : asked;
    }

    /** What the command that has just run asked for; the next one begins anew. */
    private int status() {
        return session.put(STATUS, null) instanceof Integer status ? status : 0;
    }

    private void print(@Nullable Object result) {
        if (result != null) {
            out.println(session.format(result, Converter.INSPECT));
        }
    }

    private String qualified(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no command: " + name + "; --help lists the commands");
        }
        Set<?> all = (Set<?>) session.get(ALL_COMMANDS);
        String full = name.contains(":") ? name : SCOPE + ":" + name;
        if (all.contains(full)) {
            return full;
        }
        if (Set.of(
                        "generate",
                        "extend",
                        "loop",
                        "blend",
                        "interpolate",
                        "jobs",
                        "assets",
                        "show",
                        "verify",
                        "export",
                        "batch")
                .contains(name)) {
            throw new IllegalStateException(
                    name + " is not there, because a part of the installation is missing;" + " doctor says which");
        }
        throw unknown(name);
    }

    private IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "unknown command: " + name + ", known: " + String.join(", ", known().keySet()) + "; help tells more");
    }

    /** {@return the commands that are there, each with what it does} */
    Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        for (Object each : (Set<?>) session.get(ALL_COMMANDS)) {
            if (each.toString().startsWith(SCOPE + ":")) {
                String name = each.toString().substring(SCOPE.length() + 1);
                known.put(name, Usage.of(name));
            }
        }
        return known;
    }
}
