package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.OutputKind;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.spi.FrameSink;

class HeldClipsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void aMasterIsHeldWithItsClipAndComesBackAsItWas() throws Exception {
        HeldClips held = new HeldClips(new WorkFolders(folder.resolve("work")));
        Path made = Files.createDirectory(folder.resolve("made"));
        Files.writeString(made.resolve("clip.mp4"), "labelled");
        Files.writeString(made.resolve("master.mp4"), "not labelled");
        Fingerprint fingerprint = fingerprint();
        Produced clip = new Produced(
                new AssetMetadata.Model("starter", "Wan 2.1 text-to-video", "cpu", "fp32", List.of()),
                "libopenh264",
                Map.of(),
                List.of(),
                Optional.empty(),
                fingerprint,
                Optional.of(fingerprint));
        held.copy("1", OutputKind.CLIP, made, "order", clip);
        held.complete("1");
        assertTrue(
                held.find("1", OutputKind.CLIP, "order").orElseThrow().master().isPresent());
        Path draft = Files.createDirectory(folder.resolve("draft"));
        held.copyTo(draft, "1");
        assertEquals("not labelled", Files.readString(draft.resolve("master.mp4")));
        Path master = folder.resolve("work/1/held/master.mp4");
        Files.writeString(master, "something else");
        assertEquals(
                master + " is not the file that was held",
                assertThrows(IOException.class, () -> held.find("1", OutputKind.CLIP, "order"))
                        .getMessage());
    }

    private static Fingerprint fingerprint() throws IOException {
        FingerprintingSink sink = new FingerprintingSink(new VideoFormat(64, 48, 9, 8), FrameSink.discarding());
        try (sink) {
            for (int i = 0; i < 9; i++) {
                sink.accept(TestFrames.moving(64, 48, i));
            }
        }
        return sink.fingerprint();
    }
}
