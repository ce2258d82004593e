package org.patchreel.runtime.family.wan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.patchreel.api.FrameSize;
import org.patchreel.spi.VideoFrame;

class ReferenceCanvasTest {

    @Test
    void aSmallPictureIsEnlargedBetweenItsPixelsCentres() {
        byte[] rgb = {0, 0, 0, (byte) 255, (byte) 255, (byte) 255};
        float[] expected = {-1, -0.5f, 0.5f, 1};
        assertArrayEquals(expected, row(new VideoFrame(2, 1, ByteBuffer.wrap(rgb)), 4, 2, 0), 1e-6f);
    }

    @Test
    void aPictureOfOnePixelFillsAsMuchAsItsShapeAllows() {
        VideoFrame pixel = new VideoFrame(1, 1, ByteBuffer.wrap(new byte[] {0, 0, 0}));
        assertArrayEquals(new float[] {1, -1, -1, 1}, row(pixel, 4, 2, 1), 0);
    }

    @Test
    void aPictureAsNarrowAsALineKeepsAPixel() {
        VideoFrame line = new VideoFrame(400, 1, ByteBuffer.wrap(new byte[1200]));
        assertArrayEquals(new float[] {-1, -1, -1, -1}, row(line, 4, 2, 0), 0);
        assertArrayEquals(new float[] {1, 1, 1, 1}, row(line, 4, 2, 1), 0);
    }

    /** The red channel of a row of the canvas. */
    private static float[] row(VideoFrame picture, int width, int height, int row) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return ReferenceCanvas.draw(picture, new FrameSize(width, height), manager)
                    .get("0, 0, 0, " + row)
                    .toFloatArray();
        }
    }
}
