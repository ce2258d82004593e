package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.ConfigurationException;

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
                "org.patchreel.media: codec = mpeg2, expected h264 or av1",
                assertThrows(
                                ConfigurationException.class,
                                () -> TestEncoders.configured("mpeg2", 80).configured())
                        .getMessage());
        assertEquals(
                "org.patchreel.media: quality = 0, expected a whole number from 1 to 100",
                assertThrows(
                                ConfigurationException.class,
                                () -> TestEncoders.configured("h264", 0).configured())
                        .getMessage());
    }

    @Test
    void staysAsItWasWhenAChangeCannotBeUsed() {
        VideoEncoders encoders = TestEncoders.av1();
        ConfiguredEncoder before = encoders.configured();
        encoders.modified(TestEncoders.config("vp9", 80), Map.of("codec", "vp9"));
        assertSame(before, encoders.configured());
        assertEquals(
                "codec = vp9, expected h264 or av1; the values before it stay in use",
                encoders.problem().orElseThrow().description());

        encoders.modified(TestEncoders.config("H264 ", 70), Map.of("codec", "H264 "));
        assertEquals(TestEncoders.h264().encoderName(), encoders.encoderName());
        assertEquals("libaom-av1", before.name(), "a clip that began keeps its encoder");
    }
}
