package org.patchreel.impl.admin;

import java.io.PrintStream;

/**
 * Prints a text beside its label. On a terminal, a text that is too long is broken at spaces and stays in its column; elsewhere
 * it is one line.
 */
final class LabeledLines {

    /** A column that is narrower is not worth having: the terminal breaks the lines. */
    private static final int MIN_WIDTH = 20;

    private final PrintStream out;
    private final int indent;
    private final int width;

    /**
     * Creates a printer.
     *
     * @param console where to print
     * @param indent width of the labels' column
     */
    LabeledLines(Console console, int indent) {
        this.out = console.out();
        this.indent = indent;
        int room = console.outputColumns() - indent;
        this.width = room < MIN_WIDTH ? Integer.MAX_VALUE : room;
    }

    /**
     * Prints one text.
     *
     * @param label shorter than the column; empty to go on below the last text
     * @param text whose control characters are replaced
     */
    void print(String label, String text) {
        String rest = PrintableLine.of(text);
        String start = label;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            if (space <= 0) {
                space = rest.indexOf(' ');
            }
            if (space <= 0) {
                break;
            }
            line(start, rest.substring(0, space));
            rest = rest.substring(space + 1);
            start = "";
        }
        line(start, rest);
    }

    private void line(String label, String text) {
        out.println((label + " ".repeat(Math.max(0, indent - label.length())) + text).stripTrailing());
    }
}
