package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a clip goes and what it is called there.
 *
 * @param folder in the host's terms, for example a path in its repository; it must exist and be writable for the host's
 *     asset store; empty for the store's default
 * @param title what people call the clip, 1 to {@value #MAX_TITLE_LENGTH} characters of any script on one line; stands in
 *     the manifest, which everybody can read; empty for none
 */
public record Destination(Optional<String> folder, Optional<String> title) {

    /** The longest title, in UTF-16 units. */
    public static final int MAX_TITLE_LENGTH = 200;

    /** The store's default folder, no title. */
    public static final Destination DEFAULT = new Destination(Optional.empty(), Optional.empty());

    /**
     * Checks both.
     *
     * @throws IllegalArgumentException if one is blank, has a control character, or the title is too long; the message
     *     names it
     * @throws NullPointerException if one is null; the message is its name
     */
    public Destination {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(title, "title");
        folder.ifPresent(value -> check("folder", value));
        title.ifPresent(value -> {
            check("title", value);
            if (value.length() > MAX_TITLE_LENGTH) {
                throw new IllegalArgumentException(
                        "title has " + value.length() + " characters, at most " + MAX_TITLE_LENGTH + " are kept");
            }
        });
    }

    /** Refuses what cannot stand on one line for people. */
    static void check(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is empty");
        }
        value.codePoints()
                .filter(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)
                .findFirst()
                .ifPresent(c -> {
                    throw new IllegalArgumentException(
                            String.format("%s has the character U+%04X, which a name cannot hold", name, c));
                });
    }
}
