package org.patchreel.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation, as far as tests look at it.
 *
 * @param file absolute
 * @param snippets in fences, in their order
 * @param lines all others, empty where a snippet was
 */
record MarkdownPage(Path file, List<Snippet> snippets, List<String> lines) {

    private static final Pattern FENCE = Pattern.compile("\\s{0,3}(```+)(.*)");
    private static final Pattern HEADING = Pattern.compile("#{1,6} +(.+?) *#*");
    private static final Pattern LINK =
            Pattern.compile("\\[(?:[^\\[\\]]|\\[[^]]*])*]\\(([^)\\s]+)(?: +\"[^\"]*\")?\\)");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

    /**
     * A fenced snippet.
     *
     * @param info what stands behind the fence: a language, and more
     * @param text with a line end after each line
     * @param line of its first line, from 1
     */
    record Snippet(String info, String text, int line) {

        String language() {
            return info.split(" ", 2)[0];
        }

        /** {@return what follows the language} */
        String note() {
            String[] words = info.split(" ", 2);
            return words.length == 1 ? "" : words[1].strip();
        }
    }

    static MarkdownPage read(Path file) throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        List<String> all = Files.readAllLines(file);
        for (int i = 0; i < all.size(); i++) {
            Matcher fence = FENCE.matcher(all.get(i));
            if (!fence.matches()) {
                lines.add(all.get(i));
                continue;
            }
            StringBuilder text = new StringBuilder();
            int first = i + 2;
            lines.add("");
            for (i++; i < all.size() && !all.get(i).strip().equals(fence.group(1)); i++) {
                text.append(all.get(i)).append('\n');
                lines.add("");
            }
            if (i == all.size()) {
                throw new IOException(file + ", line " + (first - 1) + ": the fence is not closed");
            }
            lines.add("");
            snippets.add(new Snippet(fence.group(2).strip(), text.toString(), first));
        }
        return new MarkdownPage(file, snippets, lines);
    }

    /** {@return targets of links and pictures, by the line that they are in} */
    List<Map.Entry<Integer, String>> links() {
        List<Map.Entry<Integer, String>> links = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher link = LINK.matcher(SPAN.matcher(lines.get(i)).replaceAll("code"));
            while (link.find()) {
                links.add(Map.entry(i + 1, link.group(1)));
            }
        }
        return links;
    }

    /** {@return code within the text} */
    List<String> codeSpans() {
        return SPAN.matcher(String.join("\n", lines))
                .results()
                .map(span -> span.group(1).replace('\n', ' '))
                .toList();
    }

    /** {@return the anchors of the headings, as GitHub makes them} */
    Set<String> anchors() {
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        for (String line : lines) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = LINK.matcher(heading.group(1))
                        .replaceAll(link -> Matcher.quoteReplacement(
                                link.group().substring(1, link.group().indexOf(']'))))
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-');
                int count = seen.merge(anchor, 1, Integer::sum);
                anchors.add(count == 1 ? anchor : anchor + "-" + (count - 1));
            }
        }
        return anchors;
    }
}
