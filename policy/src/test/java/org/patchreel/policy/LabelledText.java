package org.patchreel.policy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row of a table of examples.
 *
 * @param category empty of a harmless text
 * @param source where it comes from
 */
record LabelledText(Optional<Category> category, String source, String text) {

    /** Names of some collections. */
    private static final Map<String, Category> OTHER_NAMES =
            Map.of("public_person", Category.REAL_PERSONS, "copyright", Category.BRANDS);

    /** Reads a table with the columns category, source and text, separated by tabs, and a heading. */
    static List<LabelledText> read(Path table) throws IOException {
        List<LabelledText> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(table);
        for (String line : lines.subList(1, lines.size())) {
            String[] columns = line.split("\t", 3);
            if (columns.length != 3) {
                throw new IOException(table + " has a row that has no three columns: " + line);
            }
            rows.add(new LabelledText(category(table, columns[0]), columns[1], columns[2]));
        }
        return rows;
    }

    private static Optional<Category> category(Path table, String name) throws IOException {
        if (name.equals("benign")) {
            return Optional.empty();
        }
        Optional<Category> category =
                Category.of(name.replace('_', '-')).or(() -> Optional.ofNullable(OTHER_NAMES.get(name)));
        if (category.isEmpty()) {
            throw new IOException(table + " has the category " + name + ", which is none");
        }
        return category;
    }
}
