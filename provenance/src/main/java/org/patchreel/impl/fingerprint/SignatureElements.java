package org.patchreel.impl.fingerprint;

import java.util.ArrayList;
import java.util.List;

/**
 * The 380 elements of a frame signature: where on the 32 × 32 grid of luma means each is measured (ISO/IEC 15938-3:2002/Amd
 * 4:2010, Video Signature). 32 are means (categories A1 and A2), 348 are differences between the means of two regions (D1
 * to D8). The tables of the standard follow rules; these are written down here rather than the tables.
 *
 * <p>Regions are made of rectangles of grid cells. A {@code Z} order goes through a square's quarters: top left, top
 * right, bottom left, bottom right.
 */
final class SignatureElements {

    /** Elements of a signature. */
    static final int COUNT = 380;

    /** The mean of the first region less that of the second one, or less mid-grey if there is none. */
    record Element(List<Rectangle> first, List<Rectangle> second) {}

    /** Cells from the left and the top, and how many. */
    record Rectangle(int x, int y, int width, int height) {}

    /** Elements that are ternarised against a threshold of their own. */
    static final List<List<Element>> CATEGORIES = List.of(
            means(),
            centredMeans(),
            halves(),
            diagonals(),
            ninths(),
            pairs(),
            surrounds(),
            crosses(),
            flanks(),
            largeHalves());

    private SignatureElements() {}

    /** A1: sixteenths in Z order of quarters, then the quarters. */
    private static List<Element> means() {
        List<Element> elements = new ArrayList<>();
        for (int quarter = 0; quarter < 4; quarter++) {
            for (int part = 0; part < 4; part++) {
                elements.add(mean(16 * column(quarter) + 8 * column(part), 16 * row(quarter) + 8 * row(part), 8));
            }
        }
        for (int quarter = 0; quarter < 4; quarter++) {
            elements.add(mean(16 * column(quarter), 16 * row(quarter), 16));
        }
        return elements;
    }

    /** A2: nine squares with gaps, then three around the centre. */
    private static List<Element> centredMeans() {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            elements.add(mean(2 + 10 * (i % 3), 2 + 10 * (i / 3), 8));
        }
        for (int margin : new int[] {9, 6, 3}) {
            elements.add(mean(margin, margin, 32 - 2 * margin));
        }
        return elements;
    }

    /** D1: halves of 4 × 4 squares, four squares each in Z order. */
    private static List<Element> halves() {
        List<Element> elements = new ArrayList<>();
        String[] patterns = {"LTBR", "TRLB", "TRLB", "LTBR"};
        for (int quarter = 0; quarter < 4; quarter++) {
            for (int part = 0; part < 4; part++) {
                int x = 16 * column(quarter) + 8 * column(part);
                int y = 16 * row(quarter) + 8 * row(part);
                addHalves(elements, x, y, 4, patterns[quarter]);
            }
        }
        for (int i = 0; i < 9; i++) {
            addHalves(elements, 2 + 10 * (i % 3), 2 + 10 * (i / 3), 4, i == 4 ? "TTBB" : "LTBR");
        }
        for (int i = 0; i < 4; i++) {
            addHalves(elements, 7 + 10 * column(i), 7 + 10 * row(i), 4, "TLLT");
        }
        return elements;
    }

    /** D2: one diagonal of quarters against the other. */
    private static List<Element> diagonals() {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            elements.add(diagonal(8 * (i % 4), 8 * (i / 4)));
        }
        for (int i = 0; i < 9; i++) {
            elements.add(diagonal(4 + 8 * (i % 3), 4 + 8 * (i / 3)));
        }
        return elements;
    }

    private static Element diagonal(int x, int y) {
        return new Element(
                List.of(square(x, y, 4), square(x + 4, y + 4, 4)), List.of(square(x + 4, y, 4), square(x, y + 4, 4)));
    }

    /** D3: each ninth against each later one. */
    private static List<Element> ninths() {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            for (int j = i + 1; j < 9; j++) {
                elements.add(difference(ninth(i), ninth(j)));
            }
        }
        return elements;
    }

    private static Rectangle ninth(int i) {
        return square(1 + 10 * (i % 3), 1 + 10 * (i / 3), 10);
    }

    /** D4: pairs among 5 × 5 squares, by column and row. */
    private static List<Element> pairs() {
        String inner = "12-32 21-23 11-33 31-13 21-32 32-23 23-12 12-21 11-31 31-33 33-13 13-11 ";
        String outward = "22-20 22-42 22-24 22-02 20-24 02-42 ";
        String outer = "10-30 14-34 01-03 41-43 10-01 30-41 43-34 03-14 00-40 40-44 44-04 04-00";
        List<Element> elements = new ArrayList<>();
        for (String pair : (inner + outward + outer).split(" ", -1)) {
            elements.add(difference(
                    twentyFifth(pair.charAt(0) - '0', pair.charAt(1) - '0'),
                    twentyFifth(pair.charAt(3) - '0', pair.charAt(4) - '0')));
        }
        return elements;
    }

    private static Rectangle twentyFifth(int column, int row) {
        return square(1 + 6 * column, 1 + 6 * row, 6);
    }

    /** D5: the rim of a square against its middle, in three sizes. */
    private static List<Element> surrounds() {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            elements.add(surround(1 + 10 * (i % 3), 1 + 10 * (i / 3), 10, 3));
        }
        for (int i = 0; i < 4; i++) {
            elements.add(surround(6 + 10 * column(i), 6 + 10 * row(i), 10, 3));
        }
        for (int line = 0; line < 5; line++) {
            int first = line % 2 == 0 ? 6 : 1;
            for (int x = first; x + 10 <= 31; x += 10) {
                elements.add(surround(x, 1 + 5 * line, 10, 3));
            }
        }
        for (int i = 0; i < 16; i++) {
            elements.add(surround(2 + 5 * (i % 4), 2 + 5 * (i / 4), 13, 5));
        }
        for (int i = 0; i < 25; i++) {
            boolean corner = i % 5 % 4 == 0 && i / 5 % 4 == 0;
            if (!corner) {
                elements.add(surround(3 + 5 * (i % 5), 3 + 5 * (i / 5), 6, 2));
            }
        }
        return elements;
    }

    private static Element surround(int x, int y, int side, int rim) {
        int middle = side - 2 * rim;
        return new Element(
                List.of(
                        new Rectangle(x, y, side, rim),
                        new Rectangle(x, y + rim, rim, middle),
                        new Rectangle(x + side - rim, y + rim, rim, middle),
                        new Rectangle(x, y + side - rim, side, rim)),
                List.of(square(x + rim, y + rim, middle)));
    }

    /** D6: a lying bar against a standing one. */
    private static List<Element> crosses() {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            int x = 3 + 8 * (i % 3);
            int y = 3 + 8 * (i / 3);
            elements.add(difference(new Rectangle(x, y + 2, 10, 6), new Rectangle(x + 2, y, 6, 10)));
        }
        return elements;
    }

    /** D7: what lies at both sides of a square against it, then what lies above and below. */
    private static List<Element> flanks() {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            int x = 4 + 5 * (i % 5);
            int y = 4 + 5 * (i / 5);
            List<Rectangle> middle = List.of(square(x, y, 4));
            elements.add(new Element(List.of(square(x - 4, y, 4), square(x + 4, y, 4)), middle));
            elements.add(new Element(List.of(square(x, y - 4, 4), square(x, y + 4, 4)), middle));
        }
        return elements;
    }

    /** D8: halves of the sixteenths, then of the quarters. */
    private static List<Element> largeHalves() {
        List<Element> elements = new ArrayList<>();
        String[] patterns = {"TLLT", "LTTL", "LTTL", "TLLT"};
        for (int quarter = 0; quarter < 4; quarter++) {
            addHalves(elements, 16 * column(quarter), 16 * row(quarter), 8, patterns[quarter]);
        }
        addHalves(elements, 0, 0, 16, "LTTL");
        return elements;
    }

    /**
     * Adds four differences between halves of squares.
     *
     * @param pattern which half is the first one of each square, in Z order: left, top, right or bottom
     */
    private static void addHalves(List<Element> elements, int left, int top, int side, String pattern) {
        int half = side / 2;
        for (int i = 0; i < 4; i++) {
            int x = left + side * column(i);
            int y = top + side * row(i);
            Rectangle leftHalf = new Rectangle(x, y, half, side);
            Rectangle rightHalf = new Rectangle(x + half, y, half, side);
            Rectangle topHalf = new Rectangle(x, y, side, half);
            Rectangle bottomHalf = new Rectangle(x, y + half, side, half);
            elements.add(
                    switch (pattern.charAt(i)) {
                        case 'L' -> difference(leftHalf, rightHalf);
                        case 'R' -> difference(rightHalf, leftHalf);
                        case 'T' -> difference(topHalf, bottomHalf);
                        case 'B' -> difference(bottomHalf, topHalf);
                        default -> throw new IllegalArgumentException(pattern);
                    });
        }
    }

    private static int column(int z) {
        return z % 2;
    }

    private static int row(int z) {
        return z / 2;
    }

    private static Rectangle square(int x, int y, int side) {
        return new Rectangle(x, y, side, side);
    }

    private static Element mean(int x, int y, int side) {
        return new Element(List.of(square(x, y, side)), List.of());
    }

    private static Element difference(Rectangle first, Rectangle second) {
        return new Element(List.of(first), List.of(second));
    }
}
