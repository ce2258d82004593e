package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameRate;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.VideoFrame;

/** The frames that come in the place of a kept clip's are black here: where they are seen, the clip was encoded again. */
class KeptClipTest {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;
    private static final FrameRate RATE = FrameRate.of(8);
    private static final int MADE = 20;
    private static final int REORDERED = 20;
    private static final int MADE_COLOR = 0x2828dc;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** A packet of a file, in units of frames. */
    private record Sample(long shown, long decoded, long duration, boolean key, ByteBuffer bytes) {}

    /** 17 frames end with one with which decoding can begin, 12 do not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 12, 17, 40})
    void aClipOfTheSameEncoderIsCopiedPacketByPacket(int frames) throws IOException {
        Path before = moving("before.mp4", frames, RATE);
        Path after = moving("after.mp4", 9, RATE);
        Path both = encode(MADE, RATE, new KeptClip(before, 0, frames), new KeptClip(after, frames + MADE, 9));

        List<Sample> packets = packets(both);
        assertEquals(frames + MADE + 9, packets.size());
        assertSameBytes(packets(before), packets.subList(0, frames));
        assertSameBytes(packets(after), packets.subList(frames + MADE, packets.size()));
        for (int i = 0; i < packets.size(); i++) {
            Sample packet = packets.get(i);
            assertEquals(List.of((long) i, (long) i, 1L), List.of(packet.shown, packet.decoded, packet.duration));
        }
        assertTrue(packets.get(0).key && packets.get(frames).key && packets.get(frames + MADE).key);

        List<VideoFrame> shown = Mp4EncoderTest.decode(both);
        assertSameFrames(Mp4EncoderTest.decode(before), shown.subList(0, frames));
        assertSameFrames(Mp4EncoderTest.decode(after), shown.subList(frames + MADE, shown.size()));
        for (VideoFrame made : shown.subList(frames, frames + MADE)) {
            assertTrue(TestFrames.distance(MADE_COLOR, TestFrames.pixel(made, 48, 32)) < 4);
        }
        assertEquals(RATE.seconds(packets.size()), ClipReader.probe(both).seconds(), 1e-9);
    }

    @Test
    void theMadePartOfACopiedClipIsWhatItIsAlone() throws IOException {
        Path before = moving("before.mp4", 12, RATE);
        List<Sample> alone = packets(encode(MADE, RATE));
        List<Sample> behind = packets(encode(MADE, RATE, new KeptClip(before, 0, 12)));
        assertSameBytes(alone, behind.subList(12, 12 + MADE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"23.976", "24", "30", "59.94"})
    void everyFrameRateStaysConstant(String text) throws IOException {
        FrameRate rate = FrameRate.parse("rate", text);
        Path before = moving("before.mp4", 30, rate);
        List<Sample> packets = packets(encode(MADE, rate, new KeptClip(before, 0, 30)));
        assertSameBytes(packets(before), packets.subList(0, 30));
        for (int i = 0; i < packets.size(); i++) {
            assertEquals(i, packets.get(i).shown);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 17, 40})
    void decodingCanBeginAtTheSeams(int frames) throws IOException {
        Path before = moving("before.mp4", frames, RATE);
        Path after = moving("after.mp4", 9, RATE);
        Path both = encode(MADE, RATE, new KeptClip(before, 0, frames), new KeptClip(after, frames + MADE, 9));
        List<Integer> all = lumaFrom(both, 0);
        assertEquals(all.subList(frames, all.size()), lumaFrom(both, frames));
        assertEquals(all.subList(frames + MADE, all.size()), lumaFrom(both, frames + MADE));
    }

    @Test
    void whatIsNotOfTheFormatIsEncodedAgain() throws IOException {
        refuses("frame 1 is not shown at its time", moving("rate.mp4", 12, FrameRate.of(4)), 12);
        refuses("it has 13 frames instead of 12", moving("length.mp4", 13, RATE), 12);
        Path av1 = folder.resolve("av1.mp4");
        VideoFormat format = new VideoFormat(WIDTH, HEIGHT, 12, RATE);
        TestFrames.feed(format, TestEncoders.av1().open(av1, format));
        refuses("it is not of H.264, or not as MP4 files hold it", av1, 12);
        Path large = folder.resolve("large.mp4");
        VideoFormat larger = new VideoFormat(2 * WIDTH, 2 * HEIGHT, 12, RATE);
        TestFrames.feed(larger, TestEncoders.h264().open(large, larger));
        refuses("its frames have another size", large, 12);
    }

    @Test
    void whatIsNoClipIsNotCopied() throws IOException {
        assertEncodedAgain(folder.resolve("missing.mp4"), 12);
        assertEncodedAgain(Files.writeString(folder.resolve("text.mp4"), "moov"), 12);
    }

    @Test
    void aTurnedClipIsEncodedAgain() throws IOException {
        Path clip = moving("turned.mp4", 12, RATE);
        byte[] bytes = Files.readAllBytes(clip);
        int matrix = indexOf(bytes, "tkhd") + 4 + 40;
        ByteBuffer.wrap(bytes).putInt(matrix, -1 << 16).putInt(matrix + 16, -1 << 16); // by 180 degrees
        Files.write(clip, bytes);
        refuses("it is not shown as it is coded", clip, 12);
    }

    @Test
    void aClipOfWhichAPartIsShownIsEncodedAgain() throws IOException {
        Path clip = moving("cut.mp4", 13, RATE);
        byte[] bytes = Files.readAllBytes(clip);
        int edit = indexOf(bytes, "elst") + 4 + 8;
        int second = unitsOfAFrame(clip);
        ByteBuffer.wrap(bytes).putInt(edit + 4, second); // from the second frame on
        Files.write(clip, bytes);
        refuses("parts of it are not shown", clip, 12);
    }

    @Test
    void aDamagedClipIsEncodedAgain() throws IOException {
        Path clip = moving("damaged.mp4", 12, RATE);
        byte[] bytes = Files.readAllBytes(clip);
        int data = indexOf(bytes, "mdat") + 4;
        for (int i = data + 300; i < data + 340; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(clip, bytes);
        refuses("it is damaged", clip, 12);
        Files.write(clip, Arrays.copyOf(bytes, bytes.length - 200));
        assertEncodedAgain(clip, 12);
    }

    @Test
    void aClipWithOtherSettingsOfTheEncoderIsEncodedAgain() throws IOException {
        Path clip = reordered();
        Path file = folder.resolve("both.mp4");
        VideoFormat format = new VideoFormat(64, 48, 21, RATE);
        try (Mp4Encoder encoder = TestEncoders.h264()
                .configured()
                .open(file, format, List.of(new KeptClip(clip, 0, REORDERED)), Map.of())) {
            for (int i = 0; i < format.frameCount(); i++) {
                encoder.accept(TestFrames.solid(64, 48, 0));
            }
        }
        assertTrue(TestFrames.distance(
                        0, TestFrames.pixel(Mp4EncoderTest.decode(file).get(5), 32, 24))
                < 4);
    }

    /** libx264 with two B frames and a frame with which decoding can begin after 16. */
    @Test
    void framesThatAreHeldBackStandWhereTheyAreShown() throws IOException {
        Path clip = reordered();
        try (CodedClip coded = CodedClip.open(clip, new VideoFormat(64, 48, REORDERED, RATE))) {
            assertEquals(2, coded.delay());
            assertEquals(2, coded.parameterSets().size());
            List<Sample> packets = packets(clip);
            for (int i = 0; i < REORDERED; i++) {
                CodedClip.CodedFrame frame = coded.next();
                assertEquals(packets.get(i).shown, frame.index());
                assertEquals(i - 2, packets.get(i).decoded);
                assertEquals(i == 0 || i == 16, frame.idr());
            }
        }
    }

    @Test
    void anEncoderOfAnotherCodecCopiesNothing() throws IOException {
        Path clip = moving("clip.mp4", 12, RATE);
        Path file = folder.resolve("both.mp4");
        feed(file, MADE, RATE, TestEncoders.av1(), new KeptClip(clip, 0, 12));
        assertEquals(0, TestFrames.pixel(Mp4EncoderTest.decode(file).get(5), 48, 32) & 0xf8f8f8);
    }

    @Test
    void onlyClipsAtTheEndsAreKept() {
        KeptClip amid = new KeptClip(folder.resolve("clip.mp4"), 3, 4);
        assertThrows(
                IllegalArgumentException.class,
                () -> TestEncoders.h264()
                        .configured()
                        .open(
                                folder.resolve("both.mp4"),
                                new VideoFormat(WIDTH, HEIGHT, 10, RATE),
                                List.of(amid),
                                Map.of()));
        assertFalse(Files.exists(folder.resolve("both.mp4")));
    }

    @Test
    void aClipThatIsClosedEarlyLeavesNothing() throws IOException {
        Path clip = moving("clip.mp4", 12, RATE);
        Path file = folder.resolve("both.mp4");
        Mp4Encoder encoder = TestEncoders.h264()
                .configured()
                .open(file, new VideoFormat(WIDTH, HEIGHT, 20, RATE), List.of(new KeptClip(clip, 0, 12)), Map.of());
        encoder.accept(TestFrames.solid(WIDTH, HEIGHT, 0));
        assertThrows(IOException.class, encoder::close);
        assertFalse(Files.exists(file));
    }

    private void refuses(String reason, Path clip, int frames) throws IOException {
        VideoFormat format = new VideoFormat(WIDTH, HEIGHT, frames, RATE);
        IOException refused = assertThrows(
                IOException.class, () -> CodedClip.open(clip, format).close());
        assertEquals(clip + ": its frames cannot be copied: " + reason, refused.getMessage());
        assertEncodedAgain(clip, frames);
    }

    private void assertEncodedAgain(Path clip, int frames) throws IOException {
        for (int first : new int[] {0, MADE}) {
            List<VideoFrame> shown = Mp4EncoderTest.decode(encode(MADE, RATE, new KeptClip(clip, first, frames)));
            assertEquals(frames + MADE, shown.size());
            for (VideoFrame black : shown.subList(first, first + frames)) {
                assertTrue(TestFrames.distance(0, TestFrames.pixel(black, 48, 32)) < 4, clip.toString());
            }
        }
    }

    private Path reordered() throws IOException {
        Path clip = folder.resolve("reordered.mp4");
        try (InputStream in = KeptClipTest.class.getResourceAsStream("reordered.mp4")) {
            Files.copy(Objects.requireNonNull(in), clip);
        }
        return clip;
    }

    /** In units of the track. */
    private static int unitsOfAFrame(Path clip) throws IOException {
        try (TrackDecoder track = TrackDecoder.mp4(clip)) {
            return track.stream().time_base().den() / RATE.numerator();
        }
    }

    private Path moving(String name, int frames, FrameRate rate) throws IOException {
        Path file = folder.resolve(name);
        VideoFormat format = new VideoFormat(WIDTH, HEIGHT, frames, rate);
        TestFrames.feed(format, TestEncoders.h264().open(file, format));
        return file;
    }

    private Path encode(int made, FrameRate rate, KeptClip... kept) throws IOException {
        Path file = folder.resolve("encoded-" + kept.length + ".mp4");
        feed(file, made, rate, TestEncoders.h264(), kept);
        return file;
    }

    private static void feed(Path file, int made, FrameRate rate, VideoEncoders encoders, KeptClip... kept)
            throws IOException {
        int count = made;
        for (KeptClip clip : kept) {
            count += clip.frames();
        }
        VideoFormat format = new VideoFormat(WIDTH, HEIGHT, count, rate);
        try (Mp4Encoder encoder = encoders.configured().open(file, format, List.of(kept), Map.of())) {
            for (int i = 0; i < count; i++) {
                boolean black = false;
                for (KeptClip clip : kept) {
                    black |= i >= clip.first() && i < clip.first() + clip.frames();
                }
                encoder.accept(TestFrames.solid(WIDTH, HEIGHT, black ? 0 : MADE_COLOR));
            }
        }
    }

    private static List<Sample> packets(Path file) throws IOException {
        List<Sample> packets = new ArrayList<>();
        try (TrackDecoder track = TrackDecoder.mp4(file)) {
            AVRational rate = track.stream().avg_frame_rate();
            long ticks = (long) track.stream().time_base().den() * rate.den() / rate.num();
            for (AVPacket packet = track.packet(); packet != null; packet = track.packet()) {
                byte[] bytes = new byte[packet.size()];
                packet.data().get(bytes);
                assertEquals(0, packet.pts() % ticks);
                packets.add(new Sample(
                        packet.pts() / ticks,
                        packet.dts() / ticks,
                        packet.duration() / ticks,
                        (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0,
                        ByteBuffer.wrap(bytes)));
            }
        }
        return packets;
    }

    /** Hashes of the luma of all frames that a player shows that seeks to a frame. */
    private static List<Integer> lumaFrom(Path file, int frame) throws IOException {
        List<Integer> hashes = new ArrayList<>();
        try (TrackDecoder track = TrackDecoder.mp4(file)) {
            AVRational unit = track.stream().time_base();
            long time = avutil.av_rescale(frame, unit.den(), (long) unit.num() * RATE.numerator());
            int sought = avformat.av_seek_frame(
                    track.demuxer(), track.stream().index(), time, avformat.AVSEEK_FLAG_BACKWARD);
            assertTrue(sought >= 0);
            for (AVFrame decoded = track.next(); decoded != null; decoded = track.next()) {
                byte[] luma = new byte[decoded.linesize(0) * decoded.height()];
                decoded.data(0).get(luma);
                hashes.add(Arrays.hashCode(luma));
            }
        }
        return hashes;
    }

    private static void assertSameBytes(List<Sample> expected, List<Sample> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).bytes, actual.get(i).bytes, "packet " + i);
        }
    }

    private static void assertSameFrames(List<VideoFrame> expected, List<VideoFrame> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).rgb(), actual.get(i).rgb(), "frame " + i);
        }
    }

    private static int indexOf(byte[] bytes, String box) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(box);
    }
}
