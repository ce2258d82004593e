package org.patchreel.benchmarks.watermark;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** A frame marked, unmarked, and the amplified difference around middle grey, side by side. */
final class DifferencePicture {
    /** How much the difference is enlarged. */
    static final int AMPLIFICATION = 16;

    private static final int WIDTH = 320;
    private static final int GAP = 4;

    private DifferencePicture() {}

    /**
     * Draws the picture.
     *
     * @param marked a frame
     * @param unmarked the same frame, same size
     * @return three pictures of at most {@value #WIDTH} pixels in width
     */
    static BufferedImage of(BufferedImage marked, BufferedImage unmarked) {
        BufferedImage difference = new BufferedImage(marked.getWidth(), marked.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < marked.getHeight(); y++) {
            for (int x = 0; x < marked.getWidth(); x++) {
                int a = marked.getRGB(x, y);
                int b = unmarked.getRGB(x, y);
                difference.setRGB(x, y, amplified(a, b, 16) << 16 | amplified(a, b, 8) << 8 | amplified(a, b, 0));
            }
        }
        int width = Math.min(WIDTH, marked.getWidth());
        int height = Math.round((float) marked.getHeight() * width / marked.getWidth());
        BufferedImage picture = new BufferedImage(3 * width + 2 * GAP, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = picture.createGraphics();
        try {
            canvas.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            canvas.drawImage(marked, 0, 0, width, height, null);
            canvas.drawImage(unmarked, width + GAP, 0, width, height, null);
            canvas.drawImage(difference, 2 * (width + GAP), 0, width, height, null);
        } finally {
            canvas.dispose();
        }
        return picture;
    }

    private static int amplified(int a, int b, int shift) {
        int difference = (a >> shift & 255) - (b >> shift & 255);
        return Math.max(0, Math.min(255, 128 + AMPLIFICATION * difference));
    }
}
