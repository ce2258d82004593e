package org.patchreel.sling;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;

/** Makes names of nodes from titles: readable in any script, and safe in paths, URLs and queries. */
final class ClipNodeName {

    /** Oak's document stores take 150 bytes; the rest is for a number and the extension. */
    private static final int MAX_BYTES = 120;

    /** What JCR or a URL gives a meaning. */
    private static final String RESERVED = "/:[]|*#?%{}^;+&\"'`\\<>=$@!,~";

    private ClipNodeName() {}

    /**
     * The name for a clip or still.
     *
     * @param title may hold anything
     * @param id stands in for a title of which nothing remains
     * @param number 1 for the first of this name, 2 for the next
     * @param extension with its dot
     */
    static String of(String title, String id, int number, String extension) {
        String stem = stem(title);
        return (stem.isEmpty() ? id : stem) + (number == 1 ? "" : "-" + number) + extension;
    }

    private static String stem(String title) {
        StringBuilder stem = new StringBuilder();
        int bytes = 0;
        for (int c :
                Normalizer.normalize(title, Normalizer.Form.NFC).codePoints().toArray()) {
            boolean kept = !Character.isWhitespace(c)
                    && !Character.isSpaceChar(c)
                    && !Character.isISOControl(c)
                    && Character.getType(c) != Character.SURROGATE
                    && Character.getType(c) != Character.FORMAT
                    && RESERVED.indexOf(c) < 0;
            String next = kept ? Character.toString(c) : "-";
            bytes += next.getBytes(UTF_8).length;
            if (bytes > MAX_BYTES) {
                break;
            }
            stem.append(next);
        }
        return stem.toString().replaceAll("-{2,}", "-").replaceAll("^[-.]+|[-.]+$", "");
    }
}
