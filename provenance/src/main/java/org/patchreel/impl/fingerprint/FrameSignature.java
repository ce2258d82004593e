package org.patchreel.impl.fingerprint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.patchreel.impl.fingerprint.SignatureElements.Element;
import org.patchreel.impl.fingerprint.SignatureElements.Rectangle;

/**
 * The frame signature of MPEG-7's Video Signature: 380 elements of 0, 1 or 2. Each says whether a region is darker than
 * another one, about as light, or lighter; what "about" means is decided within each of ten categories, so that a third
 * of its elements are 1. The signature therefore hardly changes with brightness, contrast, size and compression. It does
 * change when the picture is cropped, turned or mirrored: signatures of parts of a picture and of a turned one are made
 * for that.
 *
 * @see <a href="https://www.iso.org/standard/56017.html">ISO/IEC 15938-3:2002/Amd 4:2010</a>
 * @see <a href="https://doi.org/10.1109/TCSVT.2012.2189791">Paschalakis et al., The MPEG-7 Video Signature Tools for
 *     Content Identification, 2012</a>
 */
final class FrameSignature {

    /** Length of {@link #toBytes}: five elements a byte. */
    static final int BYTES = SignatureElements.COUNT / 5;

    /** The largest {@link #distance}. */
    static final int MAX_DISTANCE = 2 * SignatureElements.COUNT;

    private static final int GRID = 32;
    private static final int STRIDE = GRID + 1;
    private static final int WORDS = (SignatureElements.COUNT + 63) / 64;

    /** The share of a category's elements whose magnitude is below its threshold. */
    private static final double UNDECIDED = 0.333;

    /** Differences in units of 1/1024 level of grey, so that flat regions differ by exactly nothing. */
    private static final double UNITS = 1024;

    /** Per category and element: rectangles as corners in the array of sums; the first region's come first. */
    private static final CornerSums[][] CORNERS = SignatureElements.CATEGORIES.stream()
            .map(category -> category.stream().map(CornerSums::new).toArray(CornerSums[]::new))
            .toArray(CornerSums[][]::new);

    /** Bit i is set in the first half if element i is at least 1, in the second half if it is 2. */
    private final long[] bits;

    private final int confidence;

    private FrameSignature(long[] bits, int confidence) {
        this.bits = bits;
        this.confidence = confidence;
    }

    /** The signature of a whole picture. */
    static FrameSignature of(LumaGrid picture) {
        return of(picture.sums(), Window.WHOLE);
    }

    /**
     * The signature of a part of a picture.
     *
     * @param sums of {@link LumaGrid#sums}
     * @param part of the picture
     */
    static FrameSignature of(double[] sums, Window part) {
        double[] corners = corners(sums, part);
        long[] bits = new long[2 * WORDS];
        int[] differences = new int[SignatureElements.COUNT];
        int differenceCount = 0;
        int index = 0;
        for (CornerSums[] category : CORNERS) {
            int[] values = new int[category.length];
            int[] magnitudes = new int[category.length];
            for (int i = 0; i < category.length; i++) {
                values[i] = (int) Math.rint(UNITS * category[i].difference(corners));
                magnitudes[i] = Math.abs(values[i]);
                if (category[i].isDifference()) {
                    differences[differenceCount++] = magnitudes[i];
                }
            }
            int threshold = select(magnitudes, magnitudes.length, (int) (magnitudes.length * UNDECIDED));
            for (int value : values) {
                if (value >= -threshold) {
                    bits[index / 64] |= 1L << (index % 64);
                }
                if (value > threshold) {
                    bits[WORDS + index / 64] |= 1L << (index % 64);
                }
                index++;
            }
        }
        int median = select(differences, differenceCount, differenceCount / 2);
        int confidence = (int) Math.min(255, median * 8 / UNITS);
        return new FrameSignature(bits, confidence);
    }

    /** The value that stands at a rank when the first values of an array are sorted (Hoare's selection); reorders them. */
    private static int select(int[] values, int count, int rank) {
        int left = 0;
        int right = count - 1;
        while (left < right) {
            int pivot = values[(left + right) >>> 1];
            int i = left;
            int j = right;
            while (i <= j) {
                while (values[i] < pivot) {
                    i++;
                }
                while (values[j] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int swapped = values[i];
                    values[i++] = values[j];
                    values[j--] = swapped;
                }
            }
            if (rank <= j) {
                right = j;
            } else if (rank >= i) {
                left = i;
            } else {
                break;
            }
        }
        return values[rank];
    }

    /** Resamples the sums of a part at the corners of the 32 × 32 cells. */
    private static double[] corners(double[] sums, Window part) {
        int stride = LumaGrid.SIDE + 1;
        int[] columns = new int[STRIDE];
        double[] shares = new double[STRIDE];
        for (int i = 0; i <= GRID; i++) {
            double x = Math.min(LumaGrid.SIDE, LumaGrid.SIDE * (part.x() + part.width() * i / GRID));
            columns[i] = Math.min(LumaGrid.SIDE - 1, (int) x);
            shares[i] = x - columns[i];
        }
        double[] corners = new double[STRIDE * STRIDE];
        double scale = (double) GRID / LumaGrid.SIDE;
        double area = scale * scale / (part.width() * part.height());
        for (int j = 0; j <= GRID; j++) {
            double y = Math.min(LumaGrid.SIDE, LumaGrid.SIDE * (part.y() + part.height() * j / GRID));
            int row = Math.min(LumaGrid.SIDE - 1, (int) y);
            double v = y - row;
            for (int i = 0; i <= GRID; i++) {
                int at = row * stride + columns[i];
                double above = sums[at] + shares[i] * (sums[at + 1] - sums[at]);
                double below = sums[at + stride] + shares[i] * (sums[at + stride + 1] - sums[at + stride]);
                corners[j * STRIDE + i] = area * (above + v * (below - above));
            }
        }
        return corners;
    }

    /**
     * How far two signatures are apart.
     *
     * @return the sum of the elements' differences, 0 to {@value #MAX_DISTANCE}; signatures of unrelated pictures are
     *     about 340 apart
     */
    int distance(FrameSignature other) {
        int distance = 0;
        for (int i = 0; i < bits.length; i++) {
            distance += Long.bitCount(bits[i] ^ other.bits[i]);
        }
        return distance;
    }

    /**
     * How much there is to see.
     *
     * @return eight times the median difference in levels of grey, at most 255; 0 for a picture of one colour
     */
    int confidence() {
        return confidence;
    }

    /** {@return the element at an index: 0, 1 or 2} */
    int element(int index) {
        int shift = index % 64;
        return (int) ((bits[index / 64] >>> shift & 1) + (bits[WORDS + index / 64] >>> shift & 1));
    }

    /** {@return the elements, five a byte, the first one the most significant digit to the base 3} */
    byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < SignatureElements.COUNT; i++) {
            bytes[i / 5] = (byte) ((bytes[i / 5] & 0xff) * 3 + element(i));
        }
        return bytes;
    }

    /**
     * Takes back what {@link #toBytes} gave.
     *
     * @throws IllegalArgumentException if a byte is no five digits to the base 3
     */
    static FrameSignature fromBytes(byte[] bytes, int confidence) {
        long[] bits = new long[2 * WORDS];
        for (int i = 0; i < BYTES; i++) {
            int value = bytes[i] & 0xff;
            if (value >= 243) {
                throw new IllegalArgumentException("not five ternary digits: " + value);
            }
            for (int j = 4; j >= 0; j--, value /= 3) {
                int index = 5 * i + j;
                if (value % 3 >= 1) {
                    bits[index / 64] |= 1L << (index % 64);
                }
                if (value % 3 == 2) {
                    bits[WORDS + index / 64] |= 1L << (index % 64);
                }
            }
        }
        return new FrameSignature(bits, confidence);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FrameSignature signature && Arrays.equals(bits, signature.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }

    /** An element as weighted look-ups in the sums at the cells' corners. */
    private static final class CornerSums {
        private final int[] first;
        private final int firstArea;
        private final int[] second;
        private final int secondArea;

        CornerSums(Element element) {
            first = corners(element.first());
            firstArea = area(element.first());
            second = corners(element.second());
            secondArea = area(element.second());
        }

        boolean isDifference() {
            return second.length > 0;
        }

        double difference(double[] sums) {
            return sum(first, sums) / firstArea - (isDifference() ? sum(second, sums) / secondArea : 128);
        }

        private static double sum(int[] corners, double[] sums) {
            double sum = 0;
            for (int i = 0; i < corners.length; i += 4) {
                sum += sums[corners[i]] - sums[corners[i + 1]] - sums[corners[i + 2]] + sums[corners[i + 3]];
            }
            return sum;
        }

        private static int[] corners(List<Rectangle> rectangles) {
            List<Integer> corners = new ArrayList<>();
            for (Rectangle each : rectangles) {
                int top = each.y() * STRIDE + each.x();
                int bottom = (each.y() + each.height()) * STRIDE + each.x();
                corners.addAll(List.of(bottom + each.width(), bottom, top + each.width(), top));
            }
            return corners.stream().mapToInt(Integer::intValue).toArray();
        }

        private static int area(List<Rectangle> rectangles) {
            return rectangles.stream()
                    .mapToInt(each -> each.width() * each.height())
                    .sum();
        }
    }
}
