package org.patchreel.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.patchreel.docs.ConsoleSnippet.Command;
import org.patchreel.docs.MarkdownPage.Snippet;

class ConsoleSnippetTest {

    @Test
    void withoutPromptsEachLineIsACommand() {
        assertEquals(
                List.of(
                        new Command("./patchreel models", 0, List.of()),
                        new Command("./patchreel verify a.mp4", 3, List.of()),
                        new Command("./patchreel generate \"shot #7\" --seed 7", 0, List.of())),
                commands("""
                        ./patchreel models

                        ./patchreel verify a.mp4      # exit status 3
                        ./patchreel generate "shot #7" \\
                        --seed 7
                        """));
    }

    @Test
    void withPromptsTheOtherLinesAreOutput() {
        assertEquals(
                List.of(new Command("./patchreel verify a.mp4", 0, List.of("a.mp4", "verdict    signed"))),
                commands("""
                        $ ./patchreel verify a.mp4          # as it is
                        a.mp4
                          verdict    signed
                        """));
    }

    private static List<Command> commands(String text) {
        return ConsoleSnippet.commands(new Snippet("console", text, 1));
    }
}
