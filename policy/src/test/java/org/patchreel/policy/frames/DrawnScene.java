package org.patchreel.policy.frames;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Random;
import org.patchreel.spi.VideoFrame;

/**
 * Draws a scene of a few things before a background, another one for each seed.
 *
 * @param seed of the scene
 */
record DrawnScene(long seed) {

    static final int WIDTH = 512;
    static final int HEIGHT = 288;

    /** {@return the scene at a time: one of the things has moved by that number of pixels} */
    BufferedImage image(double moved) {
        Random random = new Random(seed * 7919 + 13);
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        float horizon = HEIGHT * (0.3f + 0.5f * random.nextFloat());
        graphics.setPaint(new GradientPaint(0, 0, colour(random), WIDTH * random.nextFloat(), horizon, colour(random)));
        graphics.fillRect(0, 0, WIDTH, (int) horizon);
        graphics.setPaint(new GradientPaint(0, horizon, colour(random), 0, HEIGHT, colour(random)));
        graphics.fillRect(0, (int) horizon, WIDTH, HEIGHT);
        int things = 3 + random.nextInt(8);
        for (int i = 0; i < things; i++) {
            double size = 20 + 110 * random.nextDouble();
            AffineTransform before = graphics.getTransform();
            graphics.translate(WIDTH * random.nextDouble() + (i == 0 ? moved : 0), HEIGHT * random.nextDouble());
            graphics.rotate(Math.PI * random.nextDouble());
            graphics.setPaint(new GradientPaint(0, 0, colour(random), (float) size, 0, colour(random)));
            switch (random.nextInt(3)) {
                case 0 ->
                    graphics.fill(new Ellipse2D.Double(-size / 2, -size / 2, size, size * (0.5 + random.nextDouble())));
                case 1 ->
                    graphics.fill(
                            new Rectangle2D.Double(-size / 2, -size / 2, size, size * (0.3 + random.nextDouble())));
                default -> graphics.fill(triangle(size));
            }
            graphics.setTransform(before);
        }
        graphics.dispose();
        return image;
    }

    private static Path2D triangle(double size) {
        Path2D path = new Path2D.Double();
        path.moveTo(0, -size / 2);
        path.lineTo(size / 2, size / 2);
        path.lineTo(-size / 2, size / 2);
        path.closePath();
        return path;
    }

    private static Color colour(Random random) {
        return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
    }

    VideoFrame frame(double moved) {
        return frame(image(moved));
    }

    static VideoFrame frame(BufferedImage image) {
        ByteBuffer rgb = ByteBuffer.allocate(3 * image.getWidth() * image.getHeight());
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int value = image.getRGB(x, y);
                rgb.put((byte) (value >> 16)).put((byte) (value >> 8)).put((byte) value);
            }
        }
        return new VideoFrame(image.getWidth(), image.getHeight(), rgb.flip());
    }
}
