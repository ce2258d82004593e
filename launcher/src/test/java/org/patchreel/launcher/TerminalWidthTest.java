package org.patchreel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalWidthTest {

    @Test
    void asksTheTerminalOnceUntilItIsResized() {
        Iterator<Integer> widths = List.of(80, 132).iterator();
        TerminalWidth width = new TerminalWidth(widths::next);
        assertEquals(80, width.columns());
        assertEquals(80, width.columns());
        width.resized();
        assertEquals(132, width.columns());
    }
}
