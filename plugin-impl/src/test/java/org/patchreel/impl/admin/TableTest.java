package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final String COLUMNS = """
            NAME     DEVICE  STATUS
            starter  cpu     ready
            wan-5b           failed: no such folder
            """;

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        assertEquals(COLUMNS, printed(0));
    }

    @Test
    void aTerminalThatIsWideEnoughShowsColumns() {
        assertEquals(COLUMNS, printed(39));
    }

    @Test
    void aTerminalThatIsTooNarrowShowsABlockForEachRow() {
        assertEquals("""
                starter
                  device  cpu
                  status  ready
                wan-5b
                  device
                  status  failed: no such folder
                """, printed(38));
    }

    private static String printed(int columns) {
        Table table = new Table("NAME", "DEVICE", "STATUS");
        table.add("starter", "cpu", "ready");
        table.add("wan-5b", "", "failed: no such folder");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), columns);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
