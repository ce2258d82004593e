package org.patchreel.judges;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.patchreel.impl.export.Program;

/**
 * Validators of C2PA manifests that others wrote: c2pa-rs, of the coalition's members, as WebAssembly, and the independent
 * c2pa-ts. They run in one process of Node.js, from packages of npm that a lock file pins.
 */
final class Judges implements AutoCloseable {
    private static final NodeProgram PROGRAM = new NodeProgram("judges", "judge.mjs");

    private final ObjectMapper mapper = new ObjectMapper();
    private final Process process;
    private final BufferedWriter questions;
    private final BufferedReader answers;

    /**
     * What c2pa-rs says.
     *
     * @param state {@code Valid}, {@code Trusted} or {@code Invalid}; {@code Invalid} too if it gives up, {@code none} if it
     *     finds no manifest
     * @param failures codes of what failed; empty if it gave up
     * @param error why it gave up
     */
    record Verdict(String state, Set<String> failures, Optional<String> error) {}

    /**
     * What c2pa-ts says; it knows no trust list.
     *
     * @param valid whether all holds
     * @param failures codes of what failed, or why it gave up
     */
    record SecondVerdict(boolean valid, Set<String> failures) {}

    private Judges(Process process) {
        this.process = process;
        questions = process.outputWriter(UTF_8);
        answers = process.inputReader(UTF_8);
    }

    /** Installs the packages if they are not there, and starts the process. Without npm, the calling test is skipped. */
    static Judges start() throws IOException, InterruptedException {
        assumeTrue(
                Program.runs("npm", "--version") && Program.runs("node", "--version"),
                "the judges need Node.js 20 and npm");
        PROGRAM.install();
        return new Judges(
                PROGRAM.command().redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /**
     * Asks c2pa-rs.
     *
     * @param anchors a PEM file of whom to trust
     */
    Verdict ask(Path file, Optional<Path> anchors) throws IOException {
        JsonNode answer = answer(file, anchors, false).get("rs");
        if (answer.has("error")) {
            String error = answer.get("error").textValue();
            return new Verdict(error.contains("JumbfNotFound") ? "none" : "Invalid", Set.of(), Optional.of(error));
        }
        return new Verdict(answer.get("state").textValue(), texts(answer.get("failures")), Optional.empty());
    }

    /** Asks c2pa-ts. */
    SecondVerdict askSecond(Path file) throws IOException {
        JsonNode answer = answer(file, Optional.empty(), true).get("ts");
        return answer.has("error")
                ? new SecondVerdict(false, Set.of(answer.get("error").textValue()))
                : new SecondVerdict(answer.get("valid").booleanValue(), texts(answer.get("failures")));
    }

    private JsonNode answer(Path file, Optional<Path> anchors, boolean second) throws IOException {
        ObjectNode question = mapper.createObjectNode();
        question.put("file", file.toAbsolutePath().toString());
        question.put("ts", second);
        anchors.ifPresent(path -> question.put("anchors", path.toAbsolutePath().toString()));
        questions.write(mapper.writeValueAsString(question));
        questions.newLine();
        questions.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the judges have left at " + file);
        }
        return mapper.readTree(answer);
    }

    private static Set<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.textValue()));
        return new TreeSet<>(texts);
    }

    @Override
    public void close() throws IOException {
        questions.close();
        process.destroy();
    }
}
