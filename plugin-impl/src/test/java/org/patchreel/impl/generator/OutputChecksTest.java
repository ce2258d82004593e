package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.Requester;
import org.patchreel.api.Source.Keyframe;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.impl.store.FileSourceStore;
import org.patchreel.impl.watermark.SeededWatermarks;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.ModelCapabilities.ImageConditioning;
import org.patchreel.spi.OutputCheck;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Held;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.Submission;
import org.patchreel.spi.VideoFrame;

/** The checks on real files. */
class OutputChecksTest {

    private static final Submission SUBMISSION = new Submission(GenerationRequest.of("a red ball"), Requester.UNKNOWN);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private FileSourceStore store;
    private SourceFiles files;
    private OutputChecks checks;

    @BeforeEach
    void open() {
        store = TestSources.in(folder.resolve("sources"));
        files = new SourceFiles(store, new CurrentStore(null, Duration.ZERO));
        checks = new OutputChecks(files);
    }

    /** A clip whose frames become brighter by a step each. */
    private Path clip(String name, VideoFormat format, int step) throws IOException {
        Path file = folder.resolve(name);
        try (FrameSink sink = TestEncoders.h264().open(file, format)) {
            for (int i = 0; i < format.frameCount(); i++) {
                int value = step * i;
                sink.accept(TestFrames.solid(format.width(), format.height(), value << 16 | value << 8 | value));
            }
        }
        return file;
    }

    private static int middle(VideoFrame frame) {
        return TestFrames.pixel(frame, frame.width() / 2, frame.height() / 2) & 0xff;
    }

    @Test
    void framesAreThoseOfEveryHalfSecondInASmallSize() throws Exception {
        VideoFormat format = new VideoFormat(640, 320, 49, 16);
        Path file = clip("a.mp4", format, 5);
        List<Integer> values = new ArrayList<>();
        try (FrameSource frames = SampledFrames.open(new Footage(file, format.size(), format.seconds()), 2)) {
            for (Optional<VideoFrame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                assertEquals(
                        new FrameSize(512, 256),
                        new FrameSize(frame.get().width(), frame.get().height()));
                values.add(middle(frame.get()));
            }
        }
        assertEquals(7, values.size(), values.toString());
        for (int i = 0; i < values.size(); i++) {
            assertEquals(40 * i, values.get(i), 4, values.toString());
        }
    }

    /** The check for clips in which nothing moves counts on it: its threshold is 2 (BrokenOutput of the bundle policy). */
    @Test
    void watermarkAndCodecChangeTheCellsOfAStillSceneByLessThanALevel() throws Exception {
        VideoFormat format = new VideoFormat(640, 360, 72, 24);
        Path file = folder.resolve("still.mp4");
        VideoFrame scene = TestFrames.moving(640, 360, 5);
        try (FrameSink sink =
                SeededWatermarks.of(1, 7).mark(format, TestEncoders.h264().open(file, format))) {
            for (int i = 0; i < format.frameCount(); i++) {
                sink.accept(scene);
            }
        }
        List<double[]> cells = new ArrayList<>();
        try (FrameSource frames = SampledFrames.open(new Footage(file, format.size(), format.seconds()), 2)) {
            for (Optional<VideoFrame> frame = frames.next(); frame.isPresent(); frame = frames.next()) {
                cells.add(cells(frame.get()));
            }
        }
        assertEquals(6, cells.size());
        double largest = 0;
        for (double[] later : cells) {
            for (int i = 0; i < later.length; i++) {
                largest = Math.max(largest, Math.abs(later[i] - cells.get(0)[i]));
            }
        }
        assertTrue(largest < 1, "changed by " + largest);
    }

    /** Means of the green of 32 x 18 parts of a frame. */
    private static double[] cells(VideoFrame frame) {
        double[] sums = new double[32 * 18];
        double[] counts = new double[sums.length];
        ByteBuffer rgb = frame.rgb();
        for (int y = 0; y < frame.height(); y++) {
            for (int x = 0; x < frame.width(); x++) {
                int cell = y * 18 / frame.height() * 32 + x * 32 / frame.width();
                sums[cell] += rgb.get(3 * (y * frame.width() + x) + 1) & 0xff;
                counts[cell]++;
            }
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= counts[i];
        }
        return sums;
    }

    @Test
    void aLongClipIsLookedAtMoreRarely() {
        FrameSize size = new FrameSize(64, 64);
        assertEquals(11, new Footage(folder, size, 5).frames(2));
        assertEquals(601, new Footage(folder, size, 18_000).frames(2));
        assertEquals(1, new Footage(folder, size, 0).frames(2));
        assertEquals(Duration.ofSeconds(71), new Footage(folder, size, 5).limit(Duration.ofMinutes(1), 2));
    }

    @Test
    void aSmallerPictureStaysAsItIs() {
        assertEquals(new FrameSize(300, 200), new Footage(folder, new FrameSize(300, 200), 0).shown());
        assertEquals(new FrameSize(512, 1), new Footage(folder, new FrameSize(8192, 1), 0).shown());
    }

    @Test
    void aFileThatIsNoClipIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("text.mp4"), "no clip");
        checks.addCheck((frames, subject, submission) -> new Allowed(), Map.of());
        PolicyDecision decision = checks.judge(new Footage(file, new FrameSize(64, 64), 1), SUBMISSION);
        assertEquals(
                "check-failure", decision.<String, RuntimeException>fold(allowed -> "", Refused::rule, Held::rule));
    }

    @Test
    void everySourceIsLookedAtOnceAsASource() throws Exception {
        VideoFormat still = new VideoFormat(64, 64, 1, 8);
        Media.Upload dark = upload(clip("dark.mp4", still, 0));
        Media.Upload bright = upload(bright());
        GenerationRequest request = GenerationRequest.builder("a ball")
                .fit(Fit.COVER)
                .source(new Keyframe(bright, Position.FIRST))
                .source(new Keyframe(dark, Position.at(1)))
                .source(new Keyframe(bright, Position.LAST))
                .seconds(2)
                .build();
        InstalledModels models = new InstalledModels();
        models.addModel(
                new FakeModel(
                        FakeModel.describe("starter", 16, new VideoFormat(96, 96, 17, 8), ImageConditioning.OPTIONAL)),
                new FakeReference(0, 1));
        WorkOrder order = new RequestResolver(models, files, new Random(1))
                .resolve("ID1", request)
                .order();
        assertEquals(new Allowed(), checks.judgeSources(order, SUBMISSION), "nobody looks");
        List<Integer> seen = new ArrayList<>();
        checks.addCheck(
                (frames, subject, submission) -> {
                    assertEquals(OutputCheck.Subject.SOURCE, subject);
                    seen.add(middle(frames.next().orElseThrow()));
                    return seen.size() == 1 ? new Held("first", "looked at first") : new Allowed();
                },
                Map.of());
        assertEquals(new Held("first", "looked at first"), checks.judgeSources(order, SUBMISSION));
        assertEquals(2, seen.size());
        assertEquals(200, seen.get(0), 3);
        assertEquals(0, seen.get(1), 3);
        checks.addCheck((frames, subject, submission) -> new Refused("house", "not here"), Map.of());
        assertEquals(new Refused("house", "not here"), checks.judgeSources(order, SUBMISSION));
    }

    private Path bright() throws IOException {
        Path file = folder.resolve("bright.png");
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            image.setRGB(i % 64, i / 64, 0xc8c8c8);
        }
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private Media.Upload upload(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return store.put(in, String.valueOf(file.getFileName()));
        }
    }
}
