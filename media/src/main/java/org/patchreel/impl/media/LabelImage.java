package org.patchreel.impl.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.text.AttributedCharacterIterator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/**
 * A label as it stands in frames of a size: white text on a dark box with round corners, at a distance from the edges of the
 * frame. Immutable.
 */
public final class LabelImage {
    /** Pixels of a capital letter. */
    static final int MIN_HEIGHT = 8;

    private static final Color TEXT = Color.WHITE;
    private static final Color BOX = new Color(0x14161a);

    /** From the edges of the frame, of its shorter side; players draw rounded corners, and screens cut off a little. */
    private static final double MARGIN = 0.04;

    /** Of the height of a capital letter. */
    private static final double PADDING_X = 0.75;

    private static final double PADDING_Y = 0.65;
    private static final double CORNER = 0.9;
    private static final double LINE = 1.9;

    private final FrameSize frame;
    private final Rectangle box;

    /** Row by row, opacity and colour of each pixel of the box. */
    private final int[] argb;

    private LabelImage(FrameSize frame, Rectangle box, BufferedImage image) {
        this.frame = frame;
        this.box = box;
        this.argb = image.getRGB(0, 0, box.width, box.height, null, 0, box.width);
    }

    /**
     * {@return the characters of a text that labels cannot have, each once; empty if there are none}
     *
     * @param text any
     * @throws IllegalStateException if this Java draws no text; the message says what it needs
     */
    public static String missing(String text) {
        return LabelFonts.get().missing(text);
    }

    /**
     * Draws a label.
     *
     * @param look of it
     * @param frame size of the frames
     * @return the picture
     * @throws IllegalArgumentException if the text has no room in the frame; the message names both
     * @throws IllegalStateException if this Java draws no text; the message says what it needs
     */
    public static LabelImage of(LabelLook look, FrameSize frame) {
        int shorter = Math.min(frame.width(), frame.height());
        // a whole pixel more than asked, as a letter's edges are mixed with the box
        int height = Math.max(MIN_HEIGHT, (int) Math.ceil(look.heightPercent() * shorter / 100.0) + 1);
        int margin = (int) Math.ceil(MARGIN * shorter);
        double paddingX = PADDING_X * height;
        double paddingY = PADDING_Y * height;
        Path2D text = text(look, height, frame.width() - 2 * (margin + paddingX));
        Rectangle2D ink = text.getBounds2D();
        int width = (int) Math.ceil(ink.getWidth() + 2 * paddingX);
        int rows = (int) Math.ceil(ink.getHeight() + 2 * paddingY);
        int roomX = frame.width() - 2 * margin - width;
        int roomY = frame.height() - 2 * margin - rows;
        if (ink.isEmpty() || roomX < 0 || roomY < 0) {
            throw new IllegalArgumentException("the label “" + look.text() + "” in letters of " + height
                    + " pixels has no room in frames of " + frame);
        }
        BufferedImage image = new BufferedImage(width, rows, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(
                new Color(BOX.getRed(), BOX.getGreen(), BOX.getBlue(), Math.round(look.opacityPercent() * 2.55f)));
        graphics.fill(new RoundRectangle2D.Double(0, 0, width, rows, CORNER * height, CORNER * height));
        graphics.setColor(TEXT);
        graphics.translate((width - ink.getWidth()) / 2 - ink.getX(), (rows - ink.getHeight()) / 2 - ink.getY());
        graphics.fill(text);
        graphics.dispose();
        int left = margin + (int) Math.round(roomX * look.position().left());
        int top = margin + (int) Math.round(roomY * look.position().above());
        return new LabelImage(frame, new Rectangle(left, top, width, rows), image);
    }

    /** {@return the outlines of the text, in lines of at most a width; empty if a word is wider} */
    private static Path2D text(LabelLook look, int height, double width) {
        AttributedCharacterIterator characters =
                LabelFonts.get().text(look.text(), height).getIterator();
        LineBreakMeasurer breaks = new LineBreakMeasurer(characters, LabelFonts.CONTEXT);
        List<Shape> lines = new ArrayList<>();
        double widest = 0;
        while (breaks.getPosition() < characters.getEndIndex()) {
            @Nullable
            TextLayout line = width > 0 ? breaks.nextLayout((float) width, characters.getEndIndex(), true) : null;
            if (line == null) {
                return new Path2D.Double();
            }
            lines.add(line.getOutline(null));
            widest = Math.max(widest, lines.get(lines.size() - 1).getBounds2D().getMaxX());
        }
        Path2D text = new Path2D.Double();
        for (int i = 0; i < lines.size(); i++) {
            double left = (widest - lines.get(i).getBounds2D().getMaxX())
                    * look.position().left();
            text.append(
                    AffineTransform.getTranslateInstance(left, LINE * height * i)
                            .createTransformedShape(lines.get(i)),
                    false);
        }
        return text;
    }

    /**
     * Draws the label into a frame.
     *
     * @param rgb the frame's pixels as {@link VideoFrame#rgb} has them, an array; its position does not move
     */
    void drawInto(ByteBuffer rgb) {
        byte[] pixels = rgb.array();
        for (int i = 0; i < argb.length; i++) {
            int at = rgb.arrayOffset() + 3 * ((box.y + i / box.width) * frame.width() + box.x + i % box.width);
            int opacity = argb[i] >>> 24;
            for (int channel = 0; channel < 3; channel++) {
                int over = (argb[i] >> (16 - 8 * channel)) & 255;
                int under = pixels[at + channel] & 255;
                pixels[at + channel] = (byte) ((over * opacity + under * (255 - opacity) + 127) / 255);
            }
        }
    }

    /** {@return the size of the frames into which it is drawn} */
    FrameSize frame() {
        return frame;
    }

    /** {@return where its box stands in the frame} */
    public Rectangle box() {
        return new Rectangle(box);
    }
}
