package org.patchreel.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Writes the file of {@link HashedTerms} from a list that nobody else gets: one term on a line of the standard input. */
final class SlurHashing {

    private SlurHashing() {}

    /** Arguments: the file, the salt. */
    public static void main(String[] arguments) throws IOException {
        TreeSet<String> hashes = new TreeSet<>();
        BufferedReader terms = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String term = terms.readLine(); term != null; term = terms.readLine()) {
            List<String> words = Normaliser.words(term);
            if (!words.isEmpty()) {
                hashes.add(HashedTerms.hash(arguments[1], String.join(" ", words)));
            }
        }
        List<String> lines = new ArrayList<>(List.of(arguments[1]));
        lines.addAll(hashes);
        Files.write(Path.of(arguments[0]), lines, StandardCharsets.US_ASCII);
    }
}
