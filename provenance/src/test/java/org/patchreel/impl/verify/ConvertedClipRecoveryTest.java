package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ClipInfo;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.spi.VideoFrame;

/** Clips whose frames were scaled, and repeated, mixed or left out, before they were marked. */
class ConvertedClipRecoveryTest {

    private static final double TOLERANCE = 0.1;
    private static final int SEED = 31;

    @ParameterizedTest
    @CsvSource({"29.97,REPEAT,960,540", "23.976,BLEND,856,480", "5,REPEAT,640,360"})
    void aSmallStrippedCopyIsRecovered(
            String typed, FrameInterpolation interpolation, int width, int height, @TempDir Path folder)
            throws Exception {
        FrameRate rate = FrameRate.parse("rate", typed);
        FrameTiming timing = new FrameTiming(FrameRate.of(8), rate, interpolation);
        List<VideoFrame> frames = made();
        VideoFormat format = new VideoFormat(width, height, (int) rate.frames(2), rate);
        Path clip = folder.resolve("clip.mp4");
        try (Studio studio = new Studio(folder)) {
            studio.make("one", frames, format, timing, clip);
            ClipInfo info = ClipReader.probe(clip);
            assertEquals(format.frameCount(), info.frameCount());
            assertEquals(format.seconds(), info.seconds(), 1e-9);

            ProvenanceReport whole = studio.verifier().verify(clip);
            assertEquals(Verdict.SIGNED, whole.verdict(), whole.sentence());
            assertFound(whole.recovered().get(0), format.seconds());

            List<VideoFrame> small =
                    Studio.decoded(clip).stream().map(Studio::halved).toList();
            Path copy = Studio.encode(folder.resolve("copy.mp4"), small, rate, 75);
            ProvenanceReport report = studio.verifier().verify(copy);
            assertEquals(Verdict.RECOVERED, report.verdict(), report.sentence());
            assertFound(report.recovered().get(0), ClipReader.probe(copy).seconds());
        }
    }

    /** Two seconds at 8 frames per second, and one frame more, in a size below the clip's. */
    private static List<VideoFrame> made() {
        List<VideoFrame> all = Studio.frames(SEED);
        List<VideoFrame> frames = new ArrayList<>();
        for (int i = 0; i < all.size(); i += 3) {
            frames.add(Studio.halved(all.get(i)));
        }
        return frames;
    }

    private static void assertFound(Recovered found, double seconds) {
        assertEquals("one", found.assetId());
        assertTrue(found.markFound());
        assertEquals(1, found.ranges().size(), found.toString());
        assertEquals(0, found.ranges().get(0).file().start().toMillis() / 1000.0, TOLERANCE);
        assertEquals(seconds, found.ranges().get(0).file().end().toMillis() / 1000.0, TOLERANCE + 0.15);
        assertEquals(0, found.ranges().get(0).clip().start().toMillis() / 1000.0, TOLERANCE);
    }
}
