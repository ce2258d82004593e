package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;

/**
 * Shows decoded frames of one shape in one size: over black, cut, scaled, turned, in sRGB. Pixels stay outside of the heap but
 * for a row. Used by one thread.
 */
final class RgbScaler implements AutoCloseable {
    private static final int VERY_MUCH = 64;

    private final NativeScope scope = new NativeScope();
    private final FrameShape shape;
    private final FrameSize size;
    private final Placement placement;
    private final @Nullable OpaqueFrame opaque;
    private final FrameConverter converter;
    private final AVFrame part;
    private final Picture scaled;
    private final @Nullable ToneMapper tones;

    /**
     * Creates a scaler.
     *
     * @param shape of the frames
     * @param size to show them in
     * @throws IOException if frames of that shape cannot be converted
     */
    RgbScaler(FrameShape shape, FrameSize size, Fit fit) throws IOException {
        this.shape = shape;
        this.size = size;
        try {
            boolean viaRgb = shape.mayHaveAlpha() || !shape.canBeCropped() || shrinksVeryMuch(shape.size(), size);
            opaque = viaRgb ? new OpaqueFrame(shape) : null;
            if (opaque != null) {
                scope.onClose(opaque::close);
            }
            FrameShape source = opaque == null ? shape : opaque.shape();
            placement = Placement.of(source, shape.orientation().turned(size), fit);
            tones = shape.colors().isSrgb() ? null : new ToneMapper(shape.colors());
            int format = tones == null ? avutil.AV_PIX_FMT_RGB24 : avutil.AV_PIX_FMT_RGB48LE;
            converter = new FrameConverter(source, placement.crop(), placement.inner(), format);
            scope.onClose(converter::close);
            scaled = new Picture(placement.inner(), format);
            scope.onClose(scaled::close);
            part = avutil.av_frame_alloc();
            if (part == null || part.isNull()) {
                throw new OutOfMemoryError("no native memory for a frame");
            }
            scope.onClose(() -> avutil.av_frame_free(part));
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Then swscale splits the work, and takes the colours for others, unless they are RGB. */
    private static boolean shrinksVeryMuch(FrameSize from, FrameSize to) {
        return Math.max(from.width(), from.height()) > VERY_MUCH * Math.min(to.width(), to.height());
    }

    /** {@return the shape of the frames that can be given} */
    FrameShape shape() {
        return shape;
    }

    /** Scales a frame of the shape. */
    void scale(AVFrame frame) throws IOException {
        AVFrame whole = frame;
        if (opaque != null) {
            opaque.fill(frame);
            whole = opaque.frame();
        }
        Ffmpeg.check(avutil.av_frame_ref(part, whole), FrameDecoder.FILE, "a frame cannot be cut");
        try {
            part.crop_left(placement.left());
            part.crop_top(placement.top());
            part.crop_right(part.width() - placement.left() - placement.crop().width());
            part.crop_bottom(part.height() - placement.top() - placement.crop().height());
            Ffmpeg.check(
                    avutil.av_frame_apply_cropping(part, avutil.AV_FRAME_CROP_UNALIGNED),
                    FrameDecoder.FILE,
                    "a frame cannot be cut");
            converter.convert(part, scaled.frame());
        } finally {
            avutil.av_frame_unref(part);
        }
    }

    /** Writes the frame that was scaled: three bytes a pixel, row by row without padding. */
    void write(DataOutputStream out) throws IOException {
        Orientation orientation = shape.orientation();
        FrameSize inner = orientation.turned(placement.inner());
        int width = inner.width();
        int height = inner.height();
        int left = (size.width() - width) / 2;
        int top = (size.height() - height) / 2;
        byte[] row = new byte[3 * size.width()];
        byte[] border = new byte[row.length];
        Row source = tones == null ? new Bytes(width, row, 3 * left) : new Tones(tones, width, row, 3 * left);
        int pixel = tones == null ? 3 : 6;
        int stepX = orientation.transposed() ? scaled.stride() : pixel;
        int stepY = orientation.transposed() ? pixel : scaled.stride();
        for (int y = 0; y < size.height(); y++) {
            if (y < top || y >= top + height) {
                out.write(border);
                continue;
            }
            int line = orientation.mirroredY() ? height - 1 - (y - top) : y - top;
            int first = line * stepY + (orientation.mirroredX() ? (width - 1) * stepX : 0);
            source.read(first, orientation.mirroredX() ? -stepX : stepX);
            out.write(row);
        }
    }

    /** Fills a row of the output. */
    private interface Row {
        /**
         * Reads pixels.
         *
         * @param first where the leftmost is
         * @param step from one to the next
         */
        void read(int first, int step);
    }

    /** Of sRGB. */
    private final class Bytes implements Row {
        private final ByteBuffer plane = scaled.firstPlane();
        private final int width;
        private final byte[] row;
        private final int at;

        Bytes(int width, byte[] row, int at) {
            this.width = width;
            this.row = row;
            this.at = at;
        }

        @Override
        public void read(int first, int step) {
            if (step == 3) {
                plane.get(first, row, at, 3 * width);
                return;
            }
            int from = first;
            for (int to = at; to < at + 3 * width; to += 3) {
                row[to] = plane.get(from);
                row[to + 1] = plane.get(from + 1);
                row[to + 2] = plane.get(from + 2);
                from += step;
            }
        }
    }

    /** Of 16 bits that are mapped. */
    private final class Tones implements Row {
        private final ByteBuffer plane = scaled.firstPlane().order(ByteOrder.LITTLE_ENDIAN);
        private final ToneMapper tones;
        private final short[] values;
        private final byte[] row;
        private final int at;

        Tones(ToneMapper tones, int width, byte[] row, int at) {
            this.tones = tones;
            this.values = new short[3 * width];
            this.row = row;
            this.at = at;
        }

        @Override
        public void read(int first, int step) {
            int from = first;
            for (int to = 0; to < values.length; to += 3) {
                values[to] = plane.getShort(from);
                values[to + 1] = plane.getShort(from + 2);
                values[to + 2] = plane.getShort(from + 4);
                from += step;
            }
            tones.map(values, row, at, values.length / 3);
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
