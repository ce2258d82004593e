package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LabeledLinesTest {

    private static final String TEXT = "The file carries a manifest whose signer nobody knows.";

    @Test
    void aTextThatIsTooLongIsBrokenAtSpacesAndStaysInItsColumn() {
        assertEquals("""
                  verdict  The file carries a
                           manifest whose signer
                           nobody knows.
                """, printed(32, "  verdict", TEXT));
    }

    @Test
    void withoutATerminalATextIsOneLine() {
        assertEquals("  verdict  " + TEXT + "\n", printed(0, "  verdict", TEXT));
    }

    @Test
    void aTerminalWithoutRoomForAColumnBreaksLinesItself() {
        assertEquals("  verdict  " + TEXT + "\n", printed(30, "  verdict", TEXT));
    }

    @Test
    void aWordThatIsLongerThanTheLineStaysWhole() {
        String label = "urn:c2pa:78960c91-f516-4a31-aa89-fc2632a02b93";
        assertEquals("           " + label + "\n           is its label\n", printed(32, "", label + " is its label"));
    }

    private static String printed(int columns, String label, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        new LabeledLines(new Console(out, out, () -> columns, false, false), 11).print(label, text);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
