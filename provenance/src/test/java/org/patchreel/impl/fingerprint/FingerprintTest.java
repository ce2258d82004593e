package org.patchreel.impl.fingerprint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.VideoFrame;

class FingerprintTest {

    private static final VideoFormat FORMAT = new VideoFormat(96, 64, 61, 24);
    private static final Scene SCENE = new Scene(3);

    @Test
    void takesTwoSignaturesAndOnePictureASecondAndHandsTheFramesOn() throws Exception {
        Scene.Discarding next = new Scene.Discarding();
        FingerprintingSink sink = new FingerprintingSink(FORMAT, next);
        for (int i = 0; i < FORMAT.frameCount(); i++) {
            VideoFrame frame = SCENE.frame(FORMAT, i);
            sink.accept(frame);
            assertSame(frame, next.frames.get(i));
        }
        sink.close();
        assertEquals(1, next.closed);
        Fingerprint fingerprint = sink.fingerprint();
        assertEquals(
                List.of(0, 500, 1000, 1500, 2000, 2500),
                fingerprint.samples().stream().map(Fingerprint.Sample::time).toList());
        assertEquals(
                List.of(true, false, true, false, true, false),
                fingerprint.samples().stream()
                        .map(sample -> sample.picture().isPresent())
                        .toList());
        assertEquals(2542, fingerprint.durationMillis());
    }

    @Test
    void survivesAsBytesInTwoKibibytesASecond() {
        Fingerprint fingerprint = SCENE.fingerprint(FORMAT);
        byte[] bytes = fingerprint.toBytes();
        assertTrue(bytes.length < 3 * 2542, "" + bytes.length);
        Fingerprint read = Fingerprint.fromBytes(bytes);
        assertArrayEquals(bytes, read.toBytes());
        assertEquals(fingerprint.durationMillis(), read.durationMillis());
        for (int i = 0; i < 6; i++) {
            assertEquals(
                    fingerprint.samples().get(i).signature(),
                    read.samples().get(i).signature());
        }
    }

    @Test
    void refusesDamagedBytes() {
        byte[] bytes = SCENE.fingerprint(FORMAT).toBytes();
        assertThrows(IllegalArgumentException.class, () -> Fingerprint.fromBytes(new byte[0]));
        for (int length = 1; length < bytes.length; length += 97) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> Fingerprint.fromBytes(cut), "" + length);
        }
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            byte[] changed = bytes.clone();
            changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                Fingerprint.fromBytes(changed).toBytes();
            } catch (IllegalArgumentException e) {
                // Most changes are noticed; none may end in another exception.
            }
        }
    }
}
