package org.patchreel.web.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.patchreel.api.AssetId;

/**
 * Where the next page of a list of assets begins: behind the last ones that were looked at. There are several of them, because
 * some may be deleted before the next page is read.
 *
 * @param seen IDs, the last one first
 */
record AssetCursor(List<String> seen) {

    private static final int MAX = 4;
    private static final String SEPARATOR = ".";

    /**
     * Reads a cursor.
     *
     * @throws IllegalArgumentException if it is none
     */
    static AssetCursor parse(String text) {
        List<String> seen = Arrays.asList(text.split("\\" + SEPARATOR, -1));
        if (seen.size() > MAX || !seen.stream().allMatch(AssetId::isValid)) {
            throw new IllegalArgumentException("cursor must be one that a list has given as next: " + text);
        }
        return new AssetCursor(seen);
    }

    /** {@return the cursor behind a place of a list, which has looked at one or more} */
    static AssetCursor behind(List<String> ids, int end) {
        List<String> seen = new ArrayList<>();
        for (int i = end - 1; i >= 0 && seen.size() < MAX; i--) {
            seen.add(ids.get(i));
        }
        return new AssetCursor(seen);
    }

    /** {@return where the next page begins; -1 if all that were seen are gone} */
    int start(List<String> ids) {
        return seen.stream()
                .mapToInt(ids::indexOf)
                .filter(i -> i >= 0)
                .map(i -> i + 1)
                .findFirst()
                .orElse(-1);
    }

    @Override
    public String toString() {
        return String.join(SEPARATOR, seen);
    }
}
