package org.patchreel.impl.media;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.global.avutil;
import org.patchreel.api.FrameSize;

/**
 * How the decoded frame becomes the one that is displayed: one of the eight ways to lay a rectangle on its sides. First it is
 * transposed, then mirrored.
 *
 * @param transposed rows become columns, about the diagonal from the top left
 * @param mirroredX left and right are exchanged
 * @param mirroredY top and bottom are exchanged
 */
record Orientation(boolean transposed, boolean mirroredX, boolean mirroredY) {

    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int MATRIX_BYTES = 9 * Integer.BYTES;

    /** As the display matrix of a frame says, of its track or of its Exif data; angles between are rounded to 90 degrees. */
    static Orientation of(AVFrame frame) {
        AVFrameSideData matrix = avutil.av_frame_get_side_data(frame, avutil.AV_FRAME_DATA_DISPLAYMATRIX);
        if (matrix == null || matrix.isNull() || matrix.size() < MATRIX_BYTES) {
            return UPRIGHT;
        }
        IntBuffer values = matrix.data()
                .capacity(MATRIX_BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
        return of(values.get(0), values.get(1), values.get(3), values.get(4));
    }

    /** Of the matrix by which a point is displayed at x′ = ax + cy, y′ = bx + dy. */
    static Orientation of(int a, int b, int c, int d) {
        if (Math.abs((long) b) + Math.abs((long) c) > Math.abs((long) a) + Math.abs((long) d)) {
            return new Orientation(true, c < 0, b < 0);
        }
        return new Orientation(false, a < 0, d < 0);
    }

    /** {@return the size of a frame after it was turned, or before} */
    FrameSize turned(FrameSize size) {
        return transposed ? new FrameSize(/* width= */ size.height(), /* height= */ size.width()) : size;
    }
}
