package org.patchreel.impl.media;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/**
 * Pixels in native memory. Rows start at aligned addresses and are padded, as swscale's vector code wants them; that is
 * why frames are copied here rather than read in place.
 */
final class Picture implements AutoCloseable {
    private final FrameSize size;
    private final AVFrame frame;

    /**
     * Allocates a picture.
     *
     * @param size in pixels
     * @param pixelFormat one of {@code AV_PIX_FMT_*}
     * @throws OutOfMemoryError if there is no memory for it
     */
    Picture(FrameSize size, int pixelFormat) {
        this.size = size;
        this.frame = avutil.av_frame_alloc();
        if (frame == null) {
            throw new OutOfMemoryError("no native memory for a frame of " + size);
        }
        frame.width(size.width()).height(size.height()).format(pixelFormat);
        if (avutil.av_frame_get_buffer(frame, 0) < 0) {
            avutil.av_frame_free(frame);
            throw new OutOfMemoryError("no native memory for a frame of " + size);
        }
    }

    AVFrame frame() {
        return frame;
    }

    FrameSize size() {
        return size;
    }

    /** Gives the pixels back to this object alone if an encoder still holds them. */
    void makeWritable() {
        if (avutil.av_frame_make_writable(frame) < 0) {
            throw new OutOfMemoryError("no native memory for a frame of " + size);
        }
    }

    /** Copies the middle of an RGB24 frame in; the frame is at least as large as this picture. */
    void fillFromMiddle(VideoFrame source) {
        ByteBuffer from = source.rgb();
        ByteBuffer to = firstPlane();
        int row = 3 * size.width();
        int left = (source.width() - size.width()) / 2;
        int top = (source.height() - size.height()) / 2;
        for (int y = 0; y < size.height(); y++) {
            to.put(y * stride(), from, from.position() + 3 * ((top + y) * source.width() + left), row);
        }
    }

    /** Copies the pixels out, as RGB24 without padding, from the buffer's start on. */
    void read(ByteBuffer target) {
        ByteBuffer from = firstPlane();
        int row = 3 * size.width();
        for (int y = 0; y < size.height(); y++) {
            target.put(y * row, from, y * stride(), row);
        }
    }

    /** {@return the first plane of a format with a byte a pixel, without padding} */
    byte[] readGray() {
        ByteBuffer from = firstPlane();
        byte[] pixels = new byte[size.width() * size.height()];
        for (int y = 0; y < size.height(); y++) {
            from.get(y * stride(), pixels, y * size.width(), size.width());
        }
        return pixels;
    }

    /** Fills the first plane of a format with a byte a pixel. */
    void writeGray(byte[] pixels) {
        ByteBuffer to = firstPlane();
        for (int y = 0; y < size.height(); y++) {
            to.put(y * stride(), pixels, y * size.width(), size.width());
        }
    }

    /** Sets both chroma planes of yuv420p to one value. */
    void fillChroma(int value) {
        int rows = (size.height() + 1) / 2;
        for (int plane = 1; plane <= 2; plane++) {
            BytePointer data = frame.data(plane);
            Pointer.memset(data, value, (long) frame.linesize(plane) * rows);
        }
    }

    /** {@return bytes from one row of the first plane to the next} */
    int stride() {
        return frame.linesize(0);
    }

    /** {@return the first plane, the only one of RGB and of gray, with its padding; valid until {@link #close}} */
    ByteBuffer firstPlane() {
        return frame.data(0).capacity((long) stride() * size.height()).asByteBuffer();
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
    }
}
