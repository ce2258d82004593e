package org.patchreel.impl.media;

import java.awt.AWTError;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Draws a time such as {@code 0:01.25}. */
interface TimeLabel {
    /** The colour of the text, light grey. */
    Color COLOR = new Color(0xc9cdd4);

    /** Draws a text of digits, colons and points with its middle at a point. */
    void draw(Graphics2D graphics, String time, int x, int y);

    /** {@return a label in the system's font, or in dots where there is none, as on a minimal server} */
    static TimeLabel create() {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR).createGraphics();
        try {
            TimeLabel label = new InFont();
            label.draw(graphics, "0:00.00", 0, 0);
            return label;
        } catch (RuntimeException | LinkageError | InternalError | AWTError e) {
            // what a Java without fonts or without its font library throws depends on what is missing
            return new InDots();
        } finally {
            graphics.dispose();
        }
    }

    /** In the system's sans-serif font. */
    final class InFont implements TimeLabel {
        private final Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

        @Override
        public void draw(Graphics2D graphics, String time, int x, int y) {
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setFont(font);
            graphics.setColor(COLOR);
            FontMetrics metrics = graphics.getFontMetrics();
            graphics.drawString(
                    time, x - metrics.stringWidth(time) / 2, y + (metrics.getAscent() - metrics.getDescent()) / 2);
        }
    }

    /** In a matrix of five by seven dots. */
    final class InDots implements TimeLabel {
        private static final int DOT = 2;
        private static final int COLUMNS = 5;
        private static final int ROWS = 7;
        private static final String CHARACTERS = "0123456789:.";

        /** A character a line, its seven rows from the top, five bits each, the leftmost dot the highest bit. */
        private static final int[][] DOTS = {
            {0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110},
            {0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110},
            {0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111},
            {0b11111, 0b00010, 0b00100, 0b00010, 0b00001, 0b10001, 0b01110},
            {0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010},
            {0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110},
            {0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110},
            {0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000},
            {0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110},
            {0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100},
            {0b00000, 0b00100, 0b00100, 0b00000, 0b00100, 0b00100, 0b00000},
            {0b00000, 0b00000, 0b00000, 0b00000, 0b00000, 0b01100, 0b01100},
        };

        @Override
        public void draw(Graphics2D graphics, String time, int x, int y) {
            graphics.setColor(COLOR);
            int advance = (COLUMNS + 1) * DOT;
            int left = x - (time.length() * advance - DOT) / 2;
            int top = y - ROWS * DOT / 2;
            for (int i = 0; i < time.length(); i++) {
                int[] rows = DOTS[CHARACTERS.indexOf(time.charAt(i))];
                for (int row = 0; row < ROWS; row++) {
                    for (int column = 0; column < COLUMNS; column++) {
                        if ((rows[row] >> (COLUMNS - 1 - column) & 1) != 0) {
                            graphics.fillRect(left + i * advance + column * DOT, top + row * DOT, DOT, DOT);
                        }
                    }
                }
            }
        }
    }
}
