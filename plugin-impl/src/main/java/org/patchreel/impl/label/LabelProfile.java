package org.patchreel.impl.label;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.impl.media.LabelPosition;

/** Rules that labels follow: defaults, and lower bounds where a law has them. docs/labels.md names the laws. */
public enum LabelProfile {
    /** The EU's AI Act, Article 50, by its Code of Practice: at the beginning and after cuts, at the top right. */
    EU(LabelPosition.TOP_RIGHT, 3, Locale.ENGLISH),
    /** China's GB 45438-2025: two seconds from the first frame on, 5 % high, and in the metadata of the file. */
    CN(LabelPosition.TOP_LEFT, 2, Locale.CHINESE),
    /** India's rules of 2026: throughout. */
    IN(LabelPosition.TOP_RIGHT, 0, Locale.ENGLISH),
    /** Korea's AI Basic Act: throughout. */
    KR(LabelPosition.TOP_RIGHT, 0, Locale.KOREAN),
    /** California's SB 942, whose visible disclosure is for the user to choose: throughout. */
    CA(LabelPosition.BOTTOM_RIGHT, 0, Locale.ENGLISH),
    /** As configured. */
    CUSTOM(LabelPosition.TOP_RIGHT, 0, Locale.ENGLISH);

    /** In percent of the shorter side: GB 45438-2025 wants as much, and it can be read elsewhere, too. */
    static final int DEFAULT_HEIGHT = 5;

    private static final int MIN_CN_SECONDS = 2;

    private final LabelPosition position;
    private final int seconds;
    private final Locale language;

    LabelProfile(LabelPosition position, int seconds, Locale language) {
        this.position = position;
        this.seconds = seconds;
        this.language = language;
    }

    /** {@return the name in configurations and metadata} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a profile.
     *
     * @param label of it
     * @return the profile
     * @throws IllegalArgumentException if there is none; the message has the label
     */
    public static LabelProfile parse(String label) {
        return Stream.of(values())
                .filter(profile -> profile.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown profile of a label: " + label));
    }

    /** {@return where the label stands if nothing is configured} */
    LabelPosition position() {
        return position;
    }

    /** {@return for how long it is shown if nothing is configured; 0 throughout} */
    int seconds() {
        return seconds;
    }

    /** {@return the language of the text if nothing is configured} */
    Locale language() {
        return language;
    }

    /** {@return the least height, in percent of the shorter side} */
    int minHeight() {
        return this == CN ? DEFAULT_HEIGHT : 2;
    }

    /** {@return why a time is not enough; empty if it is} */
    Optional<String> tooShort(int shown) {
        if (shown == 0) {
            return Optional.empty();
        }
        return switch (this) {
            case CN ->
                shown < MIN_CN_SECONDS
                        ? Optional.of("profile cn expects " + MIN_CN_SECONDS + " or more, or 0 for throughout")
                        : Optional.empty();
            case IN, KR -> Optional.of("profile " + label() + " expects 0: the label is shown throughout");
            case EU, CA, CUSTOM -> Optional.empty();
        };
    }

    /** {@return what a text lacks; empty if it has all that the law wants} */
    Optional<String> lacking(String text) {
        boolean model = text.contains("AI") || text.contains("人工智能");
        boolean made = text.contains("生成") || text.contains("合成");
        return this == CN && !(model && made)
                ? Optional.of("profile cn expects a text with 人工智能 or AI, and with 生成 or 合成")
                : Optional.empty();
    }

    /** {@return whether files name who provides the service, in their metadata} */
    boolean namesProducer() {
        return this == CN;
    }
}
