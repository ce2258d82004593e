package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/**
 * Puts a picture of any size into the middle of a white one, as large as it fits. Bilinear without a filter, as VACE was
 * trained; pictures that are far larger should be made smaller before. diffusers squashes a picture to sides that are multiples
 * of 8 before; here it keeps its shape.
 */
final class ReferenceCanvas {
    private ReferenceCanvas() {}

    /**
     * Draws a picture.
     *
     * @param picture of any size
     * @param size of the canvas
     * @param scope will own the result
     * @return (1, 3, 1, H, W) in [-1, 1]
     */
    static NDArray draw(VideoFrame picture, FrameSize size, NDManager scope) {
        double scale = Math.min((double) size.height() / picture.height(), (double) size.width() / picture.width());
        int height = Math.max(1, (int) (picture.height() * scale));
        int width = Math.max(1, (int) (picture.width() * scale));
        int top = (size.height() - height) / 2;
        int left = (size.width() - width) / 2;
        int plane = size.height() * size.width();
        float[] canvas = new float[3 * plane];
        Arrays.fill(canvas, 1);
        ByteBuffer rgb = picture.rgb();
        Axis rows = new Axis(picture.height(), height);
        Axis columns = new Axis(picture.width(), width);
        for (int y = 0; y < height; y++) {
            int above = rows.below(y) * picture.width();
            int below = rows.next(y) * picture.width();
            float down = rows.share(y);
            for (int x = 0; x < width; x++) {
                int west = columns.below(x);
                int east = columns.next(x);
                float right = columns.share(x);
                for (int channel = 0; channel < 3; channel++) {
                    float upper = mix(rgb, 3 * (above + west) + channel, 3 * (above + east) + channel, right);
                    float lower = mix(rgb, 3 * (below + west) + channel, 3 * (below + east) + channel, right);
                    canvas[channel * plane + (top + y) * size.width() + left + x] =
                            (upper + (lower - upper) * down) / 127.5f - 1;
                }
            }
        }
        return scope.create(canvas, new Shape(1, 3, 1, size.height(), size.width()));
    }

    private static float mix(ByteBuffer rgb, int at, int next, float share) {
        float first = rgb.get(at) & 0xff;
        return first + ((rgb.get(next) & 0xff) - first) * share;
    }

    /** Where pixels of a resized axis lie on the given one: the centre of a pixel is half a pixel from its edge. */
    private record Axis(int given, int resized) {

        private float place(int pixel) {
            return Math.max(0, (pixel + 0.5f) * given / resized - 0.5f);
        }

        int below(int pixel) {
            return Math.min(given - 1, (int) place(pixel));
        }

        int next(int pixel) {
            return Math.min(given - 1, below(pixel) + 1);
        }

        float share(int pixel) {
            return Math.min(1, place(pixel) - below(pixel));
        }
    }
}
