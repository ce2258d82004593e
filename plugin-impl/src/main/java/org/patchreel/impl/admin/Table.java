package org.patchreel.impl.admin;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Prints rows in columns that are as wide as their widest cell. On a terminal that is too narrow for that, each row is a
 * block: its first cell, and below it a line for each of the others.
 */
final class Table {

    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heading) {
        rows.add(List.of(heading));
    }

    void add(String... cells) {
        rows.add(Stream.of(cells).map(PrintableLine::of).toList());
    }

    /** Prints to a console, as wide as its terminal is. */
    void print(Console console) {
        print(console.out(), console.outputColumns());
    }

    /**
     * Prints the table.
     *
     * @param columns width of the terminal in characters; 0 if it is not a terminal
     */
    void print(PrintStream out, int columns) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = rows.stream().map(row -> line(row, widths)).toList();
        if (columns > 0 && lines.stream().anyMatch(line -> line.length() > columns)) {
            printBlocks(out);
        } else {
            lines.forEach(out::println);
        }
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i))
                    .append(" ".repeat(widths[i] - row.get(i).length()))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private void printBlocks(PrintStream out) {
        List<String> heading =
                rows.get(0).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        int width = heading.stream().skip(1).mapToInt(String::length).max().orElse(0);
        for (List<String> row : rows.subList(1, rows.size())) {
            out.println(row.get(0));
            for (int i = 1; i < row.size(); i++) {
                String name = heading.get(i);
                out.println((GAP + name + " ".repeat(width - name.length()) + GAP + row.get(i)).stripTrailing());
            }
        }
    }
}
