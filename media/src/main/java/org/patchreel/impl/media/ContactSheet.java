package org.patchreel.impl.media;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

/** Frames of a clip in a grid, in reading order, the time of each beneath it. */
final class ContactSheet {
    static final int MAX_FRAMES = 12;

    /** The longer side of a thumbnail, in pixels. Smaller frames are enlarged to it. */
    private static final int LONG_SIDE = 320;

    private static final int MARGIN = 24;
    private static final int GAP = 16;
    private static final int LABEL_HEIGHT = 28;
    /** Width over height that a sheet should have: that of most screens. */
    private static final double ASPECT = 1.6;

    private static final Color BACKGROUND = new Color(0x1b1d21);
    private static final Color EDGE = new Color(0x3a3e45);

    private final VideoFormat format;
    private final int shown;
    private final int columns;
    private final FrameSize thumbnail;
    private final BufferedImage image;
    private final TimeLabel label = TimeLabel.create();
    private int added;

    ContactSheet(VideoFormat format) {
        this.format = format;
        shown = Math.min(MAX_FRAMES, format.frameCount());
        double scale = (double) LONG_SIDE / Math.max(format.width(), format.height());
        thumbnail = new FrameSize((int) Math.max(1, Math.round(format.width() * scale)), (int)
                Math.max(1, Math.round(format.height() * scale)));
        columns = columns();
        FrameSize size = size(columns);
        image = new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(BACKGROUND);
        graphics.fillRect(0, 0, size.width(), size.height());
        graphics.dispose();
    }

    /** {@return the number of columns that leaves no cell empty, if there is one, and comes nearest to the aspect} */
    private int columns() {
        int best = 1;
        double bestCost = Double.POSITIVE_INFINITY;
        for (int candidate = 1; candidate <= shown; candidate++) {
            FrameSize size = size(candidate);
            int empty = rows(candidate) * candidate - shown;
            double cost = Math.abs(Math.log((double) size.width() / size.height() / ASPECT)) + 0.5 * empty;
            if (cost < bestCost) {
                best = candidate;
                bestCost = cost;
            }
        }
        return best;
    }

    private int rows(int ofColumns) {
        return (shown + ofColumns - 1) / ofColumns;
    }

    private FrameSize size(int ofColumns) {
        return new FrameSize(
                2 * MARGIN + ofColumns * cellWidth() - GAP,
                2 * MARGIN + rows(ofColumns) * (thumbnail.height() + LABEL_HEIGHT + GAP) - GAP);
    }

    private int cellWidth() {
        return Math.max(thumbnail.width(), 96) + GAP;
    }

    FrameSize thumbnailSize() {
        return thumbnail;
    }

    /** {@return whether the sheet shows the frame, which then must be {@link #add}ed} */
    boolean wants(int index) {
        return added < shown && index == position(added);
    }

    /** {@return the clip's frame that is shown at a place, spread evenly from the first to the last} */
    private int position(int place) {
        return shown == 1 ? 0 : (int) Math.round((double) place * (format.frameCount() - 1) / (shown - 1));
    }

    /** Draws the next frame. */
    void add(int index, BufferedImage frame) {
        int x = MARGIN + added % columns * cellWidth() + (cellWidth() - GAP - thumbnail.width()) / 2;
        int y = MARGIN + added / columns * (thumbnail.height() + LABEL_HEIGHT + GAP);
        Graphics2D graphics = image.createGraphics();
        graphics.drawImage(frame, x, y, null);
        graphics.setColor(EDGE);
        graphics.drawRect(x - 1, y - 1, thumbnail.width() + 1, thumbnail.height() + 1);
        label.draw(graphics, time(index), x + thumbnail.width() / 2, y + thumbnail.height() + LABEL_HEIGHT / 2 + 2);
        graphics.dispose();
        added++;
    }

    /** {@return when a frame is shown, for example {@code 0:01.25}} */
    private String time(int index) {
        long hundredths = Math.round(100 * format.frameRate().seconds(index));
        return String.format(Locale.ROOT, "%d:%02d.%02d", hundredths / 6000, hundredths / 100 % 60, hundredths % 100);
    }

    BufferedImage image() {
        return image;
    }
}
