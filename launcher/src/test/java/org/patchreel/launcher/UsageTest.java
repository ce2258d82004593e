package org.patchreel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Version;

class UsageTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate",
                "extend",
                "loop",
                "blend",
                "interpolate",
                "models",
                "assets",
                "jobs",
                "job",
                "cancel",
                "retry",
                "pause",
                "resume",
                "usage",
                "show",
                "approve",
                "reject",
                "export",
                "verify",
                "batch",
                "run",
                "policy-test",
                "takedown",
                "audit",
                "doctor"
            })
    void saysOfEachCommandWhatItDoes(String command) {
        assertFalse(Usage.of(command).isEmpty());
    }

    @Test
    void fitsATerminalOf80Columns() {
        assertEquals(
                List.of(), Usage.TEXT.lines().filter(line -> line.length() > 80).toList());
    }

    @Test
    void greetsWithTheVersionAndSaysHowToGetHelpAndHowToQuit() {
        List<String> lines =
                Usage.greeting(Version.parseVersion("1.2.3")).lines().toList();
        assertEquals("Patchreel 1.2.3", lines.get(0));
        String rest = String.join(" ", lines.subList(1, lines.size()));
        for (String hint : List.of("help lists the commands", "Tab completes", "Ctrl-C cancels a job", "quit ends")) {
            assertTrue(rest.contains(hint), rest);
        }
        assertTrue(lines.stream().allMatch(line -> line.length() < 40), "the narrowest window has 40 columns");
    }
}
