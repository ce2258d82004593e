package org.patchreel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandCompleterTest {

    @TempDir
    Path folder;

    private final ThreadIOImpl streams = new ThreadIOImpl();

    /** Commands that print what those of the app print. */
    public static final class Printing {
        /** Explains itself. */
        public void generate(String... arguments) {
            System.out.println("""
                    generate "PROMPT" [options]        makes a clip

                      --model NAME       the model; see models
                      --seed N           the same seed gives the same clip again
                      --negative, --size likewise""");
        }

        /** Prints a table. */
        public void models(String... arguments) {
            System.out.println("NAME               FAMILY\nstarter (default)  wan\nbig                wan");
        }

        /** Prints a table. */
        public void assets(String... arguments) {
            System.out.println("ID  CREATED\n01A 2026\n01B 2026");
        }
    }

    @BeforeEach
    void redirect() {
        streams.start();
    }

    @AfterEach
    void restore() {
        streams.stop();
    }

    @Test
    void offersTheCommandsWithWhatTheyDo() throws IOException {
        List<Candidate> offered = complete("");
        assertEquals(List.of("assets", "generate"), values(offered));
        assertTrue(offered.stream()
                .anyMatch(each -> each.value().equals("generate") && "makes a clip".equals(each.descr())));
        assertEquals(List.of("assets", "generate"), values(complete("help ")));
    }

    @Test
    void offersTheOptionsThatTheCommandsHelpLists() throws IOException {
        List<Candidate> offered = complete("generate 'a ball' --");
        assertEquals(List.of("--model", "--negative", "--seed", "--size"), values(offered));
        assertEquals(
                "the model; see models",
                offered.stream()
                        .filter(each -> each.value().equals("--model"))
                        .findFirst()
                        .orElseThrow()
                        .descr());
    }

    @Test
    void offersTheModelsThatAreInstalled() throws IOException {
        assertEquals(List.of("big", "starter"), values(complete("generate 'a ball' --model ")));
    }

    @Test
    void offersTheClipsThatAreStored() throws IOException {
        assertEquals(List.of("01A", "01B"), values(complete("show ")));
        assertEquals(List.of("01A", "01B"), values(complete("export 01A ")));
    }

    @Test
    void offersFilesElsewhere() throws IOException {
        Files.createDirectory(folder.resolve("shots"));
        Files.createFile(folder.resolve("shots/one.mp4"));
        Files.createFile(folder.resolve("table.csv"));
        assertEquals(List.of("shots/", "table.csv"), values(complete("verify ")));
        assertEquals(List.of("shots/one.mp4"), values(complete("verify shots/o")));
        assertEquals(List.of("shots/", "table.csv"), values(complete("export 01A --out ")));
    }

    @Test
    void offersNothingWhereNothingIs() throws IOException {
        assertEquals(List.of(), values(complete("verify no/such/folder/")));
        assertEquals(List.of(), values(complete("paint --")));
    }

    private static List<String> values(List<Candidate> candidates) {
        return candidates.stream().map(Candidate::value).sorted().toList();
    }

    private List<Candidate> complete(String line) throws IOException {
        CommandProcessorImpl processor = new CommandProcessorImpl(streams);
        Stream.of("generate", "models", "assets")
                .forEach(name -> processor.addCommand("patchreel", new Printing(), name));
        CommandCompleter completer = new CommandCompleter(
                () -> Map.of("generate", "makes a clip", "assets", ""), new Answers(processor), () -> folder);
        List<Candidate> candidates = new ArrayList<>();
        try (Terminal terminal = new DumbTerminal(new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream())) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            completer.complete(
                    reader, new DefaultParser().parse(line, line.length(), ParseContext.COMPLETE), candidates);
        }
        return candidates;
    }
}
