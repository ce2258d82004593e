package org.patchreel.judges;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.ChangedDescription;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.aigc.AigcLabel;
import org.patchreel.impl.media.StillImage;
import org.patchreel.impl.media.VideoEncoders;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Files with a visible label, its assertion, and China's label in the metadata, before the judges. */
@Timeout(600)
class LabelledJudgesTest extends JudgedTest {
    private static final VideoFormat FORMAT = new VideoFormat(64, 48, 8, 8);
    private static final AigcLabel AIGC = AigcLabel.generated("Studio “工作室” <&>", "01M86JGTNSDHS48ESTD1KJEX3P");

    private static VideoFrame frame(int time) {
        ByteBuffer rgb = ByteBuffer.allocateDirect(64 * 48 * 3);
        for (int position = 0; position < rgb.capacity(); position++) {
            rgb.put(position, (byte) (position * 7 + time * 13));
        }
        return new VideoFrame(64, 48, rgb);
    }

    private static List<Path> files() throws IOException {
        Path clip = folder.resolve("labelled.mp4");
        try (FrameSink sink = VideoEncoders.standard()
                .configured()
                .open(clip, FORMAT, List.of(), Map.of(AigcLabel.KEY, AIGC.json()))) {
            for (int time = 0; time < FORMAT.frameCount(); time++) {
                sink.accept(frame(time));
            }
        }
        Path still = folder.resolve("labelled.png");
        try (StillImage sink = new StillImage(still, folder.resolve("poster.jpg"), Optional.of(AIGC.xmp()))) {
            sink.accept(frame(0));
        }
        return List.of(clip, still);
    }

    @Test
    void labelledFilesAreTrustedByTheJudgesAndByUsAndKeepTheirMetadata() throws Exception {
        ManifestDescription labelled = ChangedDescription.labelled(ManifestJudgesTest.description(List.of()), "AI生成");
        for (Path file : files()) {
            new ManifestEmbedder(validator()).embed(file, labelled, authority.credential(SignatureAlgorithm.ES256));
            Judges.Verdict theirs = judges.ask(file, Optional.of(root));
            assertEquals("Trusted", theirs.state(), file + ": " + theirs);
            Judges.SecondVerdict second = judges.askSecond(file);
            assertTrue(second.valid(), file + ": " + second);
            assertEquals("Trusted", validator(root).validate(file).state().label(), file.toString());
            assertEquals(Optional.of(AIGC), AigcLabel.of(file), file.toString());
        }
    }
}
