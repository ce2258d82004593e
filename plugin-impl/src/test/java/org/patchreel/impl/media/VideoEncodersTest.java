package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class VideoEncodersTest {
    @Test
    void choosesAnEncoderForTheCodec() {
        assertTrue(
                List.of("libx264", "libopenh264").contains(TestEncoders.h264().encoderName()));
        assertEquals("libaom-av1", TestEncoders.av1().encoderName());
    }

    @Test
    void prefersX264WhereTheBuildHasIt() {
        VideoEncoders encoders = TestEncoders.h264();
        boolean gpl = encoders.license().startsWith("GPL");
        assertEquals(gpl, encoders.available().contains("libx264"));
        assertEquals(gpl ? "libx264" : "libopenh264", encoders.encoderName());
    }

    @Test
    void tellsVersionAndEncoders() {
        VideoEncoders encoders = TestEncoders.h264();
        assertTrue(encoders.ffmpegVersion().matches("\\d+\\.\\d+.*"), encoders.ffmpegVersion());
        assertTrue(encoders.available().containsAll(List.of("libopenh264", "libaom-av1", "libvpx-vp9")));
    }

    @Test
    void refusesAConfigurationThatIsOutOfRange() {
        assertEquals(
                "codec must be h264 or av1: mpeg2",
                assertThrows(IllegalArgumentException.class, () -> TestEncoders.configured("mpeg2", 80))
                        .getMessage());
        assertEquals(
                "quality must be 1 to 100: 0",
                assertThrows(IllegalArgumentException.class, () -> TestEncoders.configured("h264", 0))
                        .getMessage());
    }
}
