package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.spi.FrameSink;

class JobPreviewsTest {

    private final JobPreviews previews = new JobPreviews();

    @Test
    void aPictureIsThereFromTheFirstFrameUntilTheJobHasEnded() throws Exception {
        try (FrameSink sink = previews.watch("a", new TestFrames.Collector())) {
            assertEquals(Optional.empty(), previews.jpeg("a"));
            sink.accept(TestFrames.solid(96, 64, 0x804020));
            assertTrue(previews.jpeg("a").isPresent());
            assertEquals(Optional.empty(), previews.jpeg("b"));
        }
        assertTrue(previews.jpeg("a").isPresent(), "it is not signed and stored yet");
        previews.forget("a");
        assertEquals(Optional.empty(), previews.jpeg("a"));
    }
}
