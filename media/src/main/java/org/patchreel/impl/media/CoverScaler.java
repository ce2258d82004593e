package org.patchreel.impl.media;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

/**
 * Scales RGB24 frames so that they cover a size: cuts the middle of the frame to the size's aspect ratio, to the nearest
 * whole pixel, and scales that with a Lanczos kernel of three lobes. Used by one thread.
 */
final class CoverScaler implements AutoCloseable {
    private static final int FLAGS = swscale.SWS_LANCZOS
            | swscale.SWS_ACCURATE_RND
            | swscale.SWS_FULL_CHR_H_INP
            | swscale.SWS_FULL_CHR_H_INT
            | swscale.SWS_BITEXACT;

    private final FrameSize input;
    private final FrameSize output;
    private final NativeScope scope = new NativeScope();
    private final Picture source;
    private final Picture target;
    private final SwsContext context;
    private final ByteBuffer pixels;

    CoverScaler(FrameSize input, FrameSize output) {
        this.input = input;
        this.output = output;
        Ffmpeg.load();
        try {
            FrameSize crop = crop(input, output);
            source = new Picture(crop, avutil.AV_PIX_FMT_RGB24);
            scope.onClose(source::close);
            target = new Picture(output, avutil.AV_PIX_FMT_RGB24);
            scope.onClose(target::close);
            context = swscale.sws_getContext(
                    crop.width(),
                    crop.height(),
                    avutil.AV_PIX_FMT_RGB24,
                    output.width(),
                    output.height(),
                    avutil.AV_PIX_FMT_RGB24,
                    FLAGS,
                    null,
                    null,
                    (DoublePointer) null);
            if (context == null) {
                throw new IllegalArgumentException("cannot scale from " + input + " to " + output);
            }
            scope.onClose(() -> swscale.sws_freeContext(context));
            pixels = ByteBuffer.allocateDirect(3 * output.width() * output.height());
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** {@return the largest part of the input that has the output's aspect ratio} */
    static FrameSize crop(FrameSize input, FrameSize output) {
        double aspect = (double) output.width() / output.height();
        if (input.width() > input.height() * aspect) {
            return new FrameSize((int) Math.max(1, Math.round(input.height() * aspect)), input.height());
        }
        return new FrameSize(input.width(), (int) Math.max(1, Math.round(input.width() / aspect)));
    }

    /**
     * Scales a frame.
     *
     * @param frame of the input's size
     * @return the scaled frame; its buffer is used again by the next call
     * @throws IllegalArgumentException if the frame has another size
     */
    VideoFrame scale(VideoFrame frame) {
        if (frame.width() != input.width() || frame.height() != input.height()) {
            throw new IllegalArgumentException(
                    "a frame of " + frame.width() + "x" + frame.height() + " after frames of " + input);
        }
        source.fillFromMiddle(frame);
        AVFrame from = source.frame();
        AVFrame to = target.frame();
        swscale.sws_scale(context, from.data(), from.linesize(), 0, from.height(), to.data(), to.linesize());
        target.read(pixels);
        return new VideoFrame(output.width(), output.height(), pixels);
    }

    @Override
    public void close() {
        scope.close();
    }
}
