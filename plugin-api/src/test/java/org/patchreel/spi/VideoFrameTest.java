package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import org.junit.jupiter.api.Test;

class VideoFrameTest {

    @Test
    void givesEachReaderAllOfItsPixels() {
        VideoFrame frame = new VideoFrame(2, 1, ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6}));
        for (int reader = 0; reader < 2; reader++) {
            byte[] read = new byte[6];
            frame.rgb().get(read);
            assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6}, read);
        }
    }

    @Test
    void cannotBeWritten() {
        VideoFrame frame = new VideoFrame(1, 1, ByteBuffer.allocate(3));
        assertThrows(ReadOnlyBufferException.class, () -> frame.rgb().put((byte) 1));
    }

    @Test
    void hasThreeBytesAPixel() {
        assertEquals(
                "a frame of 2x1 has 6 bytes, not 5",
                assertThrows(IllegalArgumentException.class, () -> new VideoFrame(2, 1, ByteBuffer.allocate(5)))
                        .getMessage());
    }
}
