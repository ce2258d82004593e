package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class FfmpegClaimTest {
    private final Properties process = new Properties();

    private FfmpegClaim claim(String build) {
        return new FfmpegClaim(process, "claimed", build);
    }

    @Test
    void letsAnUpdatedBundleLoadTheSameBuildAgain() {
        assertEquals(Optional.empty(), claim("8.1.2").make());
        assertEquals(Optional.empty(), claim("8.1.2").make());
    }

    @Test
    void refusesToMixTwoBuilds() {
        claim("8.1.2").make();
        assertEquals(
                Optional.of("FFmpeg 8.1.2 was loaded in this process before this bundle was updated, and 8.2 cannot be"
                        + " loaded beside it: restart the process"),
                claim("8.2").make());
        assertEquals(Optional.empty(), claim("8.1.2").make());
    }

    @Test
    void knowsTheBuildThatThisBundleBrings() {
        Ffmpeg.load();
        String build = String.valueOf(System.getProperty(Ffmpeg.CLAIMED));
        assertEquals(Ffmpeg.build(), build);
        assertTrue(build.startsWith(Ffmpeg.version() + "-"), build);
    }
}
