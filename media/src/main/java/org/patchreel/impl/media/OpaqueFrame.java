package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * A frame with transparent pixels, shown over black, in RGB with 8 bits. It is blended before it is scaled, so that the
 * colours of pixels that nobody sees do not spread, and of the coded numbers, not of the light, as editors and browsers do.
 */
final class OpaqueFrame implements AutoCloseable {
    private final NativeScope scope = new NativeScope();
    private final FrameShape shape;
    private final FrameConverter converter;
    private final Picture picture;

    OpaqueFrame(FrameShape source) throws IOException {
        FrameColors colors = source.colors();
        shape = new FrameShape(
                source.size(),
                avutil.AV_PIX_FMT_RGB0,
                new FrameColors(
                        FrameColors.SRGB.matrix(),
                        true,
                        colors.transfer(),
                        colors.primaries(),
                        avutil.AVCHROMA_LOC_UNSPECIFIED),
                source.orientation(),
                source.pixelAspect());
        try {
            converter = new FrameConverter(source, source.size(), source.size(), avutil.AV_PIX_FMT_RGBA);
            scope.onClose(converter::close);
            picture = new Picture(source.size(), avutil.AV_PIX_FMT_RGBA);
            scope.onClose(picture::close);
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** {@return its shape, that of the source but for the format} */
    FrameShape shape() {
        return shape;
    }

    AVFrame frame() {
        return picture.frame();
    }

    /**
     * Takes a frame.
     *
     * @return whether a pixel was transparent, in part or whole
     */
    boolean fill(AVFrame source) throws IOException {
        converter.convert(source, picture.frame());
        ByteBuffer pixels = picture.firstPlane().order(ByteOrder.LITTLE_ENDIAN);
        boolean transparent = false;
        for (int y = 0; y < shape.size().height(); y++) {
            int end = y * picture.stride() + 4 * shape.size().width();
            for (int at = y * picture.stride(); at < end; at += 4) {
                int pixel = pixels.getInt(at);
                int alpha = pixel >>> 24;
                if (alpha != 255) {
                    transparent = true;
                    pixels.putInt(
                            at,
                            blended(pixel & 0xff, alpha)
                                    | blended(pixel >> 8 & 0xff, alpha) << 8
                                    | blended(pixel >> 16 & 0xff, alpha) << 16);
                }
            }
        }
        return transparent;
    }

    private static int blended(int value, int alpha) {
        return (value * alpha + 127) / 255;
    }

    @Override
    public void close() {
        scope.close();
    }
}
