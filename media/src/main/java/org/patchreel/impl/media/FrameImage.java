package org.patchreel.impl.media;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.ByteBuffer;
import org.patchreel.spi.VideoFrame;

/** Frames as images of the Java platform. */
final class FrameImage {
    private FrameImage() {}

    /** {@return a copy of the frame} */
    static BufferedImage of(VideoFrame frame) {
        BufferedImage image = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        ByteBuffer rgb = frame.rgb();
        rgb.get(rgb.position(), bgr);
        for (int i = 0; i < bgr.length; i += 3) {
            byte red = bgr[i];
            bgr[i] = bgr[i + 2];
            bgr[i + 2] = red;
        }
        return image;
    }
}
