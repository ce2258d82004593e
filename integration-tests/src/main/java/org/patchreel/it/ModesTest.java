package org.patchreel.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.service.ServiceExtension;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SourceUse;
import org.patchreel.api.AssetReference;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameSize;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Media;
import org.patchreel.api.Position;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;
import org.patchreel.api.Source.Continuation;
import org.patchreel.api.Source.Continuation.Side;
import org.patchreel.api.Source.Interpolation;
import org.patchreel.api.Source.Keyframe;
import org.patchreel.api.Source.Restyle;
import org.patchreel.api.SourceStore;
import org.patchreel.api.Storyboard;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.VideoModel;

/** Every way of making a clip, by the starter model in few steps. */
@Timeout(300)
@ExtendWith(ServiceExtension.class)
class ModesTest {

    private static final FrameSize SIZE = new FrameSize(192, 192);

    /** Mean difference of a frame that is encoded once more, in grey levels. */
    private static final double ENCODED_AGAIN = 3;

    /** Mean difference of a frame that the network's own decoder draws of what it was given, in grey levels. */
    private static final double DECODED = 14;

    private VideoGenerator generator;
    private AssetStore store;
    private SourceStore sources;
    private ProvenanceVerifier verifier;

    @BeforeEach
    void inject(
            @InjectService(timeout = 30_000) VideoGenerator videoGenerator,
            @InjectService(timeout = 30_000) AssetStore assetStore,
            @InjectService(timeout = 30_000) SourceStore sourceStore,
            @InjectService(timeout = 30_000) ProvenanceVerifier provenanceVerifier,
            @InjectService(timeout = 30_000) VideoModel installed) {
        assertEquals("starter", installed.descriptor().name());
        generator = videoGenerator;
        store = assetStore;
        sources = sourceStore;
        verifier = provenanceVerifier;
    }

    @Test
    void aPictureBecomesTheFirstFrameAndAnotherOneTheLast() throws Exception {
        byte[] first = frames(make(request().build())).get(0);
        byte[] last = frames(make(request().seed(8).build())).get(16);
        AssetReference clip = make(request()
                .source(new Keyframe(put(first, "first.png"), Position.FIRST))
                .source(new Keyframe(put(last, "last.png"), Position.LAST))
                .build());
        List<byte[]> frames = frames(clip);
        assertTrue(difference(first, frames.get(0)) < DECODED, () -> "first: " + difference(first, frames.get(0)));
        byte[] end = frames.get(frames.size() - 1);
        assertTrue(difference(last, end) < DECODED, () -> "last: " + difference(last, end));
        assertEquals(DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, sourceType(clip));
    }

    @Test
    void anExtendedClipKeepsItsFramesAndLeadsToBothOfThem() throws Exception {
        AssetReference ball = make(request().build());
        AssetReference longer = make(request()
                .source(new Continuation(new Media.Asset(ball.id()), Side.AFTER))
                .seconds(1)
                .build());
        List<byte[]> own = frames(ball);
        List<byte[]> frames = frames(longer);
        assertEquals(own.size() + 8, frames.size());
        for (int i = 0; i < own.size(); i++) {
            assertEquals(0, difference(own.get(i), frames.get(i)), "frame " + i);
        }
        assertEquals(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA, sourceType(longer));
        assertEquals(
                Optional.of(ball.id()),
                store.find(longer.id())
                        .orElseThrow()
                        .metadata()
                        .sources()
                        .get(0)
                        .asset());
        ProvenanceReport report = verifier.verify(Path.of(longer.location()));
        assertEquals(ProvenanceReport.Verdict.SIGNED, report.verdict());
        assertTrue(report.manifest().codes().stream()
                .anyMatch(status -> status.code().equals("ingredient.manifest.validated")));
    }

    @Test
    void twoClipsAreConnected() throws Exception {
        AssetReference one = make(request().build());
        AssetReference other = make(request().seed(8).build());
        AssetReference blended = make(request()
                .source(new Continuation(new Media.Asset(one.id()), Side.AFTER))
                .source(new Continuation(new Media.Asset(other.id()), Side.BEFORE))
                .seconds(0.5)
                .build());
        List<byte[]> frames = frames(blended);
        assertEquals(17 + 7 + 17, frames.size(), "the next length after which the model knows a frame");
        assertEquals(0, difference(frames(one).get(16), frames.get(16)), "it is copied");
        assertEquals(0, difference(frames(other).get(0), frames.get(24)), "it is copied");
        assertEquals(
                ProvenanceReport.Verdict.SIGNED,
                verifier.verify(Path.of(blended.location())).verdict());
    }

    /** The clip is every other frame of another one, so that the frames that were made between can be compared. */
    @Test
    void anInterpolatedClipIsNearerToTheTruthThanRepeatedFrames() throws Exception {
        List<byte[]> whole = frames(make(request().build()));
        AssetReference half = make(request().frameRate(4).build());
        List<byte[]> own = frames(half);
        AssetReference smooth = make(request()
                .source(new Interpolation(new Media.Asset(half.id()), 2))
                .build());
        List<byte[]> frames = frames(smooth);
        assertEquals(2 * own.size(), frames.size());
        double made = 0;
        double repeated = 0;
        for (int i = 0; i < 8; i++) {
            double again = difference(own.get(i), frames.get(2 * i));
            assertTrue(again < ENCODED_AGAIN, "frame " + 2 * i + ": " + again);
            made += difference(whole.get(2 * i + 1), frames.get(2 * i + 1));
            repeated += difference(whole.get(2 * i + 1), own.get(i));
        }
        assertTrue(made < repeated, made / 8 + " is farther than " + repeated / 8);
        assertEquals(
                Optional.of(half.id()),
                store.find(smooth.id())
                        .orElseThrow()
                        .metadata()
                        .sources()
                        .get(0)
                        .asset());
        ProvenanceReport report = verifier.verify(Path.of(smooth.location()));
        assertEquals(ProvenanceReport.Verdict.SIGNED, report.verdict());
        assertTrue(report.manifest().codes().stream()
                .anyMatch(status -> status.code().equals("ingredient.manifest.validated")));
    }

    @Test
    void aCopyWithoutItsManifestLeadsToItsAsset() throws Exception {
        AssetReference ball = make(request().seconds(4).build());
        byte[] stripped = Files.readAllBytes(Path.of(ball.location()));
        int box = new String(stripped, StandardCharsets.ISO_8859_1).indexOf("uuid");
        System.arraycopy("free".getBytes(StandardCharsets.US_ASCII), 0, stripped, box, 4);
        Media copy = sources.put(new ByteArrayInputStream(stripped), "copy.mp4");
        AssetReference longer = make(
                request().source(new Continuation(copy, Side.AFTER)).seconds(1).build());
        SourceUse use =
                store.find(longer.id()).orElseThrow().metadata().sources().get(0);
        assertEquals(Optional.empty(), use.asset());
        assertEquals(Optional.of(ball.id()), use.trace().asset());
        assertEquals(
                store.find(ball.id()).orElseThrow().metadata().provenance().watermarkId(),
                use.trace().watermark());
        ProvenanceReport report = verifier.verify(Path.of(longer.location()));
        assertEquals(ProvenanceReport.Verdict.SIGNED, report.verdict());
        assertTrue(report.manifest().codes().stream()
                .anyMatch(status -> status.code().equals("ingredient.manifest.validated")));
    }

    @Test
    void aLoopReturnsToItsBeginning() throws Exception {
        List<byte[]> frames = frames(make(request().loop(true).seconds(2).build()));
        assertEquals(16, frames.size());
        double steps = 0;
        for (int i = 1; i < frames.size(); i++) {
            steps += difference(frames.get(i - 1), frames.get(i)) / (frames.size() - 1);
        }
        double seam = difference(frames.get(15), frames.get(0));
        assertTrue(seam <= 1.2 * steps, "seam " + seam + ", mean step " + steps);
    }

    @Test
    void aRestyledClipStaysNearerToItsOriginalTheLowerTheStrength() throws Exception {
        AssetReference ball = make(request().build());
        List<byte[]> own = frames(ball);
        double little = distance(own, restyled(ball, 0.25));
        double much = distance(own, restyled(ball, 1));
        assertTrue(little < much, little + " at strength 0.25, " + much + " at 1");
    }

    private List<byte[]> restyled(AssetReference ball, double strength) throws Exception {
        return frames(make(GenerationRequest.builder("a blue cube on snow at night")
                .size(SIZE)
                .seed(9)
                .steps(4)
                .source(new Restyle(new Media.Asset(ball.id()), strength))
                .build()));
    }

    @Test
    void whatCannotBeReadIsRefusedAtOnceAndNothingIsMade() throws Exception {
        int before = store.list().size();
        Media noise = sources.put(new ByteArrayInputStream(new byte[1000]), "noise.png");
        String message = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> generator.submit(
                                request()
                                        .source(new Keyframe(noise, Position.FIRST))
                                        .build(),
                                Requester.UNKNOWN))
                .getMessage());
        assertTrue(message.startsWith("noise.png cannot be used: "), message);
        assertFalse(message.contains("/"), message);
        assertEquals(before, store.list().size());
    }

    @Test
    void aStoryboardCutsDissolvesAndContinues() throws Exception {
        Storyboard story = generator.storyboard("story.yaml", """
                characters: {hero: a red ball}
                shots:
                - {prompt: "{hero} rests on grass during the day", seconds: 1}
                - {prompt: "a blue cube rests on snow at night", seconds: 1, transition: dissolve}
                - {prompt: "{hero} rests on sand at sunset", seconds: 1, transition: continue}
                - {prompt: "{hero} bounces on sand at sunset", seconds: 1}
                """);
        AssetReference clip = make(shots(story).seed(7).build());
        List<byte[]> frames = frames(clip);
        List<AssetMetadata.ShotUse> shots =
                store.find(clip.id()).orElseThrow().metadata().shots();
        assertEquals(
                List.of(0, 8, 12, 20),
                shots.stream().map(AssetMetadata.ShotUse::start).toList());
        assertEquals(28, frames.size());

        // the first three shots are what they are alone, with their own seeds
        List<List<byte[]>> alone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Storyboard one = new Storyboard(List.of(new Storyboard.Panel(
                    new Shot(
                            shots.get(i).prompt(),
                            "",
                            story.panels().get(i).shot().length()),
                    List.of())));
            alone.add(frames(make(shots(one).seed(shots.get(i).seed()).build())));
        }
        for (int i = 0; i < 8; i++) {
            assertAlike(alone.get(0).get(i), frames.get(i), "first shot, frame " + i);
        }
        for (int i = 0; i < 4; i++) {
            assertAlike(alone.get(1).get(i), frames.get(8 + i), "second shot, frame " + i);
            byte[] mixed = mixed(alone.get(1).get(4 + i), alone.get(2).get(i), (i + 1) / 5.0);
            assertAlike(mixed, frames.get(12 + i), "dissolve, frame " + i);
            assertAlike(alone.get(2).get(4 + i), frames.get(16 + i), "third shot, frame " + i);
        }
        double cut = difference(frames.get(7), frames.get(8));
        double continued = difference(frames.get(19), frames.get(20));
        assertTrue(continued < DECODED && continued < cut / 2, "cut " + cut + ", continued " + continued);
        assertEquals(
                ProvenanceReport.Verdict.SIGNED,
                verifier.verify(Path.of(clip.location())).verdict());
    }

    private static GenerationRequest.Builder shots(Storyboard story) throws IOException {
        return GenerationRequest.builder(story.shots(path -> {
                    throw new AssertionError(path);
                }))
                .steps(4)
                .size(SIZE);
    }

    private static void assertAlike(byte[] expected, byte[] frame, String which) {
        double difference = difference(expected, frame);
        assertTrue(difference < ENCODED_AGAIN, which + ": " + difference);
    }

    private static byte[] mixed(byte[] one, byte[] other, double weight) {
        byte[] mixed = new byte[one.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (byte) Math.round((one[i] & 255) * (1 - weight) + (other[i] & 255) * weight);
        }
        return mixed;
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.builder("a red ball rolls past a tree")
                .seed(7)
                .steps(4)
                .size(SIZE);
    }

    private AssetReference make(GenerationRequest request) throws Exception {
        JobState.Ended end = generator.submit(request, Requester.UNKNOWN).await();
        return end.fold(
                JobState.Completed::asset,
                refused -> {
                    throw new AssertionError(refused);
                },
                failed -> {
                    throw new AssertionError(failed.cause());
                },
                cancelled -> {
                    throw new AssertionError(cancelled);
                },
                suspended -> {
                    throw new AssertionError(suspended);
                });
    }

    private DigitalSourceType sourceType(AssetReference asset) throws IOException {
        return store.find(asset.id()).orElseThrow().metadata().sourceType();
    }

    private static List<byte[]> frames(AssetReference asset) throws IOException {
        ClipFile clip = ClipFile.read(Path.of(asset.location()));
        assertEquals(SIZE, clip.size());
        return clip.frames();
    }

    /** A frame, 3 bytes a pixel in the order of OpenCV, as a PNG file. */
    private Media put(byte[] bgr, String name) throws IOException {
        BufferedImage image = new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_3BYTE_BGR);
        image.getRaster().setDataElements(0, 0, SIZE.width(), SIZE.height(), rgb(bgr));
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(image, "png", png);
        return sources.put(new ByteArrayInputStream(png.toByteArray()), name);
    }

    private static byte[] rgb(byte[] bgr) {
        byte[] rgb = new byte[bgr.length];
        for (int i = 0; i < bgr.length; i += 3) {
            rgb[i] = bgr[i + 2];
            rgb[i + 1] = bgr[i + 1];
            rgb[i + 2] = bgr[i];
        }
        return rgb;
    }

    private static double distance(List<byte[]> clip, List<byte[]> other) {
        assertEquals(clip.size(), other.size());
        double sum = 0;
        for (int i = 0; i < clip.size(); i++) {
            sum += difference(clip.get(i), other.get(i));
        }
        return sum / clip.size();
    }

    /** Mean absolute difference in grey levels. */
    private static double difference(byte[] frame, byte[] other) {
        long sum = 0;
        for (int i = 0; i < frame.length; i++) {
            sum += Math.abs((frame[i] & 255) - (other[i] & 255));
        }
        return (double) sum / frame.length;
    }
}
