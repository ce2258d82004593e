package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a terminal of a certain width shows of the bytes that it gets. It wraps lines like a real one. */
public final class Screen extends ByteArrayOutputStream {

    private final int columns;

    /**
     * An empty screen.
     *
     * @param columns how wide it is
     */
    public Screen(int columns) {
        this.columns = columns;
    }

    /** {@return the lines on the screen, without blanks at their ends} */
    public List<String> lines() {
        List<char[]> rows = new ArrayList<>(List.of(blank()));
        int row = 0;
        int column = 0;
        String text = toString(UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r') {
                column = 0;
            } else if (text.startsWith("\u001b[K", i)) {
                Arrays.fill(rows.get(row), Math.min(column, columns), columns, ' ');
                i += 2;
            } else if (c == '\u001b') {
                throw new AssertionError(
                        "this terminal does not know " + text.substring(i, Math.min(text.length(), i + 5)));
            } else {
                if (c == '\n' || column == columns) {
                    row++;
                    column = 0;
                    if (row == rows.size()) {
                        rows.add(blank());
                    }
                }
                if (c != '\n') {
                    rows.get(row)[column++] = c;
                }
            }
        }
        return rows.stream().map(each -> new String(each).stripTrailing()).toList();
    }

    private char[] blank() {
        char[] row = new char[columns];
        Arrays.fill(row, ' ');
        return row;
    }
}
