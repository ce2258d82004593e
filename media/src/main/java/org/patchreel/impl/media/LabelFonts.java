package org.patchreel.impl.media;

import java.awt.AWTError;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.awt.font.TextAttribute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;

/**
 * The fonts of labels, subsets of Noto Sans that come with the classes: a label looks the same on machines with other fonts and with
 * none. A character is drawn in the first font that has it. Safe for use from any thread.
 */
final class LabelFonts {
    private static final List<String> FILES = List.of(
            "NotoSans-label.ttf", "NotoSansDevanagari-label.ttf", "NotoSansSC-label.ttf", "NotoSansKR-label.ttf");

    /** Independent of a screen: antialiased, at fractions of pixels. */
    static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private static final float MEASURED_SIZE = 1000;

    private final List<Font> fonts;
    private final double capHeight;

    private LabelFonts(List<Font> fonts) {
        this.fonts = fonts;
        this.capHeight = fonts.get(0)
                        .deriveFont(MEASURED_SIZE)
                        .createGlyphVector(CONTEXT, "H")
                        .getVisualBounds()
                        .getHeight()
                / MEASURED_SIZE;
    }

    /** Loads the fonts once, when the first label is made. */
    private static final class Loaded {
        static final LabelFonts FONTS = load();

        private static LabelFonts load() {
            List<Font> fonts = new ArrayList<>();
            for (String file : FILES) {
                try (InputStream in = LabelFonts.class.getResourceAsStream("fonts/" + file)) {
                    if (in == null) {
                        throw new IllegalStateException("the bundle lacks the font " + file);
                    }
                    fonts.add(Font.createFont(Font.TRUETYPE_FONT, in));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (FontFormatException e) {
                    throw new IllegalStateException("the font " + file + " cannot be read", e);
                }
            }
            return new LabelFonts(fonts);
        }
    }

    /**
     * {@return the fonts}
     *
     * @throws IllegalStateException if this Java draws no text
     */
    static LabelFonts get() {
        try {
            return Loaded.FONTS;
        } catch (RuntimeException | LinkageError | InternalError | AWTError e) {
            // what a Java without fontconfig or its font library throws depends on what is missing
            throw new IllegalStateException(
                    "this Java draws no text, it needs libfreetype, fontconfig and a font of the system (" + e + ")",
                    e);
        }
    }

    /** {@return the characters of a text that no font has, each once} */
    String missing(String text) {
        return text.codePoints()
                .filter(character -> fonts.stream().noneMatch(font -> font.canDisplay(character)))
                .distinct()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** {@return a text in letters of a height} */
    AttributedString text(String text, double height) {
        AttributedString attributed = new AttributedString(text);
        float size = (float) (height / capHeight);
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            int next = at + Character.charCount(character);
            Font font = fonts.stream()
                    .filter(each -> each.canDisplay(character))
                    .findFirst()
                    .orElse(fonts.get(0));
            attributed.addAttribute(TextAttribute.FONT, font.deriveFont(size), at, next);
            at = next;
        }
        return attributed;
    }
}
