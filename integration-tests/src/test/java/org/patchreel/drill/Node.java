package org.patchreel.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.patchreel.impl.export.Program;

/**
 * A process of {@code ./patchreel} in a home folder of its own, which is killed and started again. Safe for use from any thread; one
 * at a time asks its shell.
 */
final class Node {

    private static final String PROMPT = "patchreel> ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Role role;
    private final String name;
    private final Homes homes;
    private final List<String> command;
    private Life life;
    private int questions;

    /** The process of now, with its shell. */
    private record Life(Process process, BufferedReader out) {}

    private Node(Role role, String name, Homes homes, List<String> command) {
        this.role = role;
        this.name = name;
        this.homes = homes;
        this.command = command;
    }

    /**
     * Starts a process.
     *
     * @param role what it does
     * @param name of its home
     * @param homes has its home
     * @param command its arguments; none for a shell
     */
    static Node start(Role role, String name, Homes homes, List<String> command) throws IOException {
        Node node = new Node(role, name, homes, command);
        node.start();
        return node;
    }

    Role role() {
        return role;
    }

    String name() {
        return name;
    }

    private synchronized void start() throws IOException {
        List<String> words = new ArrayList<>();
        words.add(homes.root().resolve("patchreel").toString());
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(homes.folder().toFile())
                .redirectError(
                        Redirect.appendTo(homes.folder().resolve(name + ".err").toFile()));
        builder.environment().put("PATCHREEL_HOME", homes.of(name).toString());
        builder.environment().put("PATCHREEL_ASSETS", homes.assets(name).toString());
        // it starts with a third of the processor time, and is seldom old when it is killed
        builder.environment().put("PATCHREEL_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        Process process = builder.start();
        life = new Life(process, process.inputReader(UTF_8));
    }

    private synchronized Life life() {
        return life;
    }

    /** Kills the process, as a machine that loses its power does, and starts another one. */
    synchronized void restart() throws IOException {
        kill();
        start();
    }

    /** Kills the process. */
    void kill() {
        Process process = life().process().destroyForcibly();
        process.onExit().join();
    }

    /** Stops the process for a while: it keeps its connections and answers nothing. */
    void suspend() throws InterruptedException {
        signal("STOP");
    }

    /** Lets the process go on. */
    void goOn() throws InterruptedException {
        signal("CONT");
    }

    private synchronized void signal(String signal) throws InterruptedException {
        if (life.process().isAlive()) {
            Program.runs("kill", "-" + signal, Long.toString(life.process().pid()));
        }
    }

    /**
     * Asks the process to end, in the way of its role.
     *
     * @return its status, or -1 if it does not end within a minute
     */
    int end() throws InterruptedException {
        Process process = life().process();
        if (role == Role.WORKER) {
            process.destroy();
        } else {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                // it has ended
            }
        }
        return process.waitFor(1, TimeUnit.MINUTES) ? process.exitValue() : -1;
    }

    /**
     * Has the shell run a command.
     *
     * @param text of the command
     * @return what it prints as JSON; nothing if it fails, which its log tells
     * @throws IOException if the process ends meanwhile
     */
    List<JsonNode> ask(String text) throws IOException {
        Life now = life();
        String end = "answered " + ++questions;
        OutputStream in = now.process().getOutputStream();
        in.write((text + "\necho " + end + "\n").getBytes(UTF_8));
        in.flush();
        List<JsonNode> answers = new ArrayList<>();
        while (true) {
            String line = now.out().readLine();
            if (line == null) {
                throw new IOException(name + " has ended");
            }
            String answer = line.replace(PROMPT, "");
            if (answer.equals(end)) {
                return answers;
            }
            if (answer.startsWith("{") || answer.startsWith("[")) {
                answers.add(JSON.readTree(answer));
            }
        }
    }

    /**
     * Has the shell run a command that prints one JSON value.
     *
     * @throws IOException if it prints another number of them, or the process ends
     */
    JsonNode answer(String text) throws IOException {
        List<JsonNode> answers = ask(text);
        if (answers.size() != 1) {
            throw new IOException(name + " has no answer to: " + text);
        }
        return answers.get(0);
    }
}
