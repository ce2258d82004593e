package org.patchreel.benchmarks.watermark;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.function.DoubleUnaryOperator;

/**
 * Draws the share of the values that reach x, on a logarithmic scale, and the share that theory allows.
 *
 * @param title below the chart
 * @param measured the values
 * @param bound the largest share allowed by theory; above 1 it says nothing
 * @param expected the share expected by theory; 0 where theory expects nothing in particular
 */
record TailChart(String title, Histogram measured, DoubleUnaryOperator bound, DoubleUnaryOperator expected) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int TOP = 20;
    private static final int BOTTOM = 350;
    private static final int RIGHT = 620;
    private static final int DECADES = 10;

    /** {@return the chart} */
    BufferedImage draw() {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = image.createGraphics();
        try {
            canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            canvas.setColor(Color.WHITE);
            canvas.fillRect(0, 0, WIDTH, HEIGHT);
            canvas.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            double end = end();
            axes(canvas, end);
            canvas.setStroke(new BasicStroke(2));
            canvas.setClip(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
            canvas.setColor(new Color(0xC03020));
            canvas.draw(theory(bound, end));
            if (expected.applyAsDouble(1) > 0) {
                canvas.setColor(new Color(0x208040));
                canvas.draw(theory(expected, end));
            }
            canvas.setColor(new Color(0x2050B0));
            canvas.draw(measurement(end));
            canvas.setClip(null);
            canvas.setColor(new Color(0x2050B0));
            canvas.drawString("measured, " + measured.count() + " trials", LEFT + 20, BOTTOM - 60);
            canvas.setColor(new Color(0xC03020));
            canvas.drawString("bound of theory", LEFT + 20, BOTTOM - 42);
            if (expected.applyAsDouble(1) > 0) {
                canvas.setColor(new Color(0x208040));
                canvas.drawString("expected", LEFT + 20, BOTTOM - 24);
            }
        } finally {
            canvas.dispose();
        }
        return image;
    }

    /** A little beyond where the bound leaves the chart. */
    private double end() {
        double x = 1;
        while (bound.applyAsDouble(x) > Math.pow(10, -DECADES) && x < 50) {
            x += 0.5;
        }
        return Math.ceil(x);
    }

    private void axes(Graphics2D canvas, double end) {
        canvas.setColor(Color.DARK_GRAY);
        for (int decade = 0; decade <= DECADES; decade++) {
            int y = (int) y(Math.pow(10, -decade));
            canvas.drawString("1e-" + decade, 12, y + 4);
            canvas.setColor(new Color(0xE0E0E0));
            canvas.draw(new Line2D.Double(LEFT, y, RIGHT, y));
            canvas.setColor(Color.DARK_GRAY);
        }
        for (int x = 0; x <= end; x += end > 12 ? 2 : 1) {
            canvas.drawString(String.valueOf(x), (int) x(x, end) - 4, BOTTOM + 18);
        }
        canvas.drawLine(LEFT, BOTTOM, RIGHT, BOTTOM);
        canvas.drawLine(LEFT, TOP, LEFT, BOTTOM);
        canvas.drawString("share of the trials that reach x; x = " + title, LEFT, BOTTOM + 40);
    }

    private static Path2D theory(DoubleUnaryOperator share, double end) {
        Path2D path = new Path2D.Double();
        path.moveTo(LEFT, TOP);
        for (double x = 0; x <= end; x += end / 500) {
            path.lineTo(x(x, end), y(Math.min(1, share.applyAsDouble(x))));
        }
        return path;
    }

    private Path2D measurement(double end) {
        Path2D path = new Path2D.Double();
        path.moveTo(LEFT, TOP);
        for (int bin = 0; bin < measured.bins().length; bin++) {
            path.lineTo(x(bin * Histogram.BIN, end), y(measured.shareFrom(bin)));
        }
        return path;
    }

    private static double x(double value, double end) {
        return LEFT + value / end * (RIGHT - LEFT);
    }

    private static double y(double share) {
        return TOP - Math.log10(Math.max(share, 1e-30)) / DECADES * (BOTTOM - TOP);
    }
}
