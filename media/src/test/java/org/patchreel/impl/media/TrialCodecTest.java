package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.patchreel.api.FrameSize;

class TrialCodecTest {
    private static final FrameSize SIZE = new FrameSize(130, 70);

    private static List<byte[]> frames() {
        List<byte[]> frames = new ArrayList<>();
        for (int time = 0; time < 5; time++) {
            byte[] luma = new byte[SIZE.width() * SIZE.height()];
            for (int i = 0; i < luma.length; i++) {
                int x = i % SIZE.width();
                int y = i / SIZE.width();
                luma[i] =
                        (byte) (128 + 60 * Math.sin((x + time) / 6.0) + 40 * Math.cos(y / 5.0) + (x * 7 + y * 13) % 9);
            }
            frames.add(luma);
        }
        return frames;
    }

    private static double error(List<byte[]> a, List<byte[]> b) {
        double sum = 0;
        for (int f = 0; f < a.size(); f++) {
            for (int i = 0; i < a.get(f).length; i++) {
                double d = (a.get(f)[i] & 0xff) - (b.get(f)[i] & 0xff);
                sum += d * d;
            }
        }
        return sum / a.size() / a.get(0).length;
    }

    @Test
    void losesMoreAtAHigherQuantiser() throws IOException {
        List<byte[]> frames = frames();
        List<byte[]> fine = TrialCodec.recode(SIZE, frames, 15);
        List<byte[]> coarse = TrialCodec.recode(SIZE, frames, 38);
        assertEquals(frames.size(), fine.size());
        assertTrue(error(frames, fine) < 4, "mean square error " + error(frames, fine));
        assertTrue(error(frames, coarse) > 2 * error(frames, fine));
    }

    @Test
    void refusesOddAndTinyFrames() {
        for (FrameSize size : List.of(new FrameSize(131, 70), new FrameSize(14, 70))) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> TrialCodec.recode(size, List.of(), 30));
            assertTrue(e.toString().contains(size.toString()), e.toString());
        }
    }
}
