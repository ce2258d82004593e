package org.patchreel.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * What the requester states of a clip's rights. It stands in the manifest, which everybody can read, as an assertion {@code
 * cawg.metadata} (<a href="https://cawg.io/metadata/1.1/">CAWG metadata 1.1</a>): stated, not proved.
 *
 * @param creator who made the clip, 1 to {@value #MAX_LENGTH} characters of any script on one line ({@code dc:creator})
 * @param copyright whose it is, and what may be done with it, in the same form ({@code dc:rights})
 * @param expires when it may be used no longer, in whole seconds, parts of one are dropped; before the year 10000 ({@code
 *     prism:expirationDate})
 */
public record Rights(Optional<String> creator, Optional<String> copyright, Optional<Instant> expires) {

    /** The longest creator and copyright, in UTF-16 units. */
    public static final int MAX_LENGTH = 200;

    /** Nothing is stated. */
    public static final Rights NONE = new Rights(Optional.empty(), Optional.empty(), Optional.empty());

    /** XMP, JCR and AEM write years with four digits. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a text is blank, too long or has a control character, or the year has more than four
     *     digits; the message names it
     * @throws NullPointerException if one is null; the message is its name
     */
    public Rights {
        Objects.requireNonNull(creator, "creator");
        Objects.requireNonNull(copyright, "copyright");
        Objects.requireNonNull(expires, "expires");
        creator.ifPresent(text -> check("creator", text));
        copyright.ifPresent(text -> check("copyright", text));
        expires.ifPresent(at -> {
            if (at.isBefore(FIRST) || !at.isBefore(END)) {
                throw new IllegalArgumentException("expires must lie in the years 1 to 9999: " + at);
            }
        });
        expires = expires.map(at -> at.truncatedTo(ChronoUnit.SECONDS));
    }

    private static void check(String name, String text) {
        Destination.check(name, text);
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    name + " has " + text.length() + " characters, at most " + MAX_LENGTH + " are kept");
        }
    }

    /**
     * Reads when something expires.
     *
     * @param name of the value, for the message
     * @param text a date or a time with an offset of ISO 8601: {@code 2027-06-30}, which stands for its beginning in UTC, or
     *     {@code 2027-06-30T18:00:00+02:00}
     * @return the time
     * @throws IllegalArgumentException if it is neither; the message names it
     */
    public static Instant parseExpires(String name, String text) {
        try {
            return text.contains("T")
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " must be like 2027-06-30 or 2027-06-30T18:00:00Z: " + text, e);
        }
    }

    /**
     * Refuses rights that have expired: a clip that may not be used need not be made.
     *
     * @param now the time of the submission
     * @throws IllegalArgumentException if they expire then or before
     */
    public void requireCurrent(Instant now) {
        if (expires.filter(at -> !at.isAfter(now)).isPresent()) {
            throw new IllegalArgumentException("expires must lie in the future: " + expires.get());
        }
    }
}
