package org.patchreel.impl.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.spi.VideoFrame;

/**
 * An edit list says which part of a track is shown, and when. Players follow it, so a verdict is about the pictures that it
 * leaves: what it hides proves nothing of what is shown.
 */
class EditListTest {
    private static final double RATE = 24;
    private static final int FRAMES = 49;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    private static Studio studio;
    private static Path signed;

    /** Foreign pictures, then the clip's. */
    private static byte[] joined;

    /**
     * A part of a track that is shown.
     *
     * @param start in seconds of the track; less than 0 shows nothing
     * @param seconds how long
     */
    private record Edit(double start, double seconds) {}

    @BeforeAll
    static void makeClips() throws Exception {
        studio = new Studio(folder);
        signed = folder.resolve("signed.mp4");
        studio.make("one", 31, signed);
        List<VideoFrame> frames = new ArrayList<>(Studio.frames(32));
        frames.addAll(Studio.decoded(signed));
        joined = Files.readAllBytes(Studio.encode(folder.resolve("joined.mp4"), frames, 70));
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    @Test
    void aSignedClipIsInvalidOnceAnEditListHidesAPartOfIt() throws Exception {
        byte[] edited = edited(Files.readAllBytes(signed), new Edit(1, 1));
        ProvenanceReport report = verify(edited);
        assertEquals(Verdict.INVALID, report.verdict());
        assertEquals(ManifestState.INVALID, report.manifest().state());
    }

    @Test
    void picturesAreFoundWhereTheyAreShownWithoutAnEditList() throws Exception {
        assertShown(verify(joined), FRAMES / RATE, 2 * FRAMES / RATE, 0);
    }

    @Test
    void picturesThatAreHiddenAreNotFound() throws Exception {
        ProvenanceReport report = verify(edited(joined, new Edit(0, (FRAMES - 1) / RATE)));
        assertEquals(Verdict.UNKNOWN, report.verdict(), report.toString());
    }

    @Test
    void picturesThatAreShownAloneAreFoundWhereTheyAreShown() throws Exception {
        assertShown(verify(edited(joined, new Edit((FRAMES + 8) / RATE, (FRAMES - 8) / RATE))), 0, 41 / RATE, 8 / RATE);
    }

    @Test
    void picturesAreFoundInTheOrderInWhichTheyAreShown() throws Exception {
        byte[] turned = edited(joined, new Edit(FRAMES / RATE, FRAMES / RATE), new Edit(0, FRAMES / RATE));
        assertShown(verify(turned), 0, FRAMES / RATE, 0);
    }

    private static void assertShown(ProvenanceReport report, double start, double end, double clipStart) {
        assertEquals(Verdict.RECOVERED, report.verdict(), report.toString());
        List<MatchedRange> ranges = report.recovered().get(0).ranges();
        assertEquals(1, ranges.size(), report.toString());
        assertEquals(start, ranges.get(0).file().start().toNanos() / 1e9, 0.15, report.toString());
        assertEquals(end, ranges.get(0).file().end().toNanos() / 1e9, 0.15, report.toString());
        assertEquals(clipStart, ranges.get(0).clip().start().toNanos() / 1e9, 0.15, report.toString());
        assertTrue(report.recovered().get(0).markFound());
    }

    private static ProvenanceReport verify(byte[] file) throws IOException {
        return studio.verifier().verify(Files.write(folder.resolve("examined.mp4"), file));
    }

    /** The file with another edit list of its first track. Its boxes stay where they are: the new header is at the end. */
    private static byte[] edited(byte[] file, Edit... edits) {
        byte[] edited = file.clone();
        ByteBuffer bytes = ByteBuffer.wrap(edited);
        int at = find(edited, 0, edited.length, "moov");
        int size = bytes.getInt(at);
        byte[] movie = Arrays.copyOfRange(edited, at, at + size);
        int header = find(movie, 8, movie.length, "mvhd");
        int track = find(movie, 8, movie.length, "trak");
        int trackEnd = track + ByteBuffer.wrap(movie).getInt(track);
        int media = find(movie, track + 8, trackEnd, "mdia");
        int mediaHeader = find(movie, media + 8, trackEnd, "mdhd");
        byte[] list = edts(timescale(movie, header), timescale(movie, mediaHeader), edits);

        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int box = track + 8; box < trackEnd; box += ByteBuffer.wrap(movie).getInt(box)) {
            int length = ByteBuffer.wrap(movie).getInt(box);
            if (box == media) {
                content.writeBytes(list);
            }
            if (!type(movie, box).equals("edts")) {
                content.write(movie, box, length);
            }
        }
        byte[] changed = joined(
                Arrays.copyOfRange(movie, 8, track),
                box("trak", content.toByteArray()),
                Arrays.copyOfRange(movie, trackEnd, movie.length));
        bytes.put(at + 4, "free".getBytes(ISO_8859_1));
        return joined(edited, box("moov", changed));
    }

    private static byte[] edts(int movieScale, int trackScale, Edit... edits) {
        ByteBuffer list = ByteBuffer.allocate(8 + 12 * edits.length).putInt(0).putInt(edits.length);
        for (Edit edit : edits) {
            list.putInt((int) Math.round(edit.seconds() * movieScale));
            list.putInt(edit.start() < 0 ? -1 : (int) Math.round(edit.start() * trackScale));
            list.putInt(1 << 16);
        }
        return box("edts", box("elst", list.array()));
    }

    /** Of a header of version 0: behind two times. */
    private static int timescale(byte[] movie, int box) {
        return ByteBuffer.wrap(movie).getInt(box + 20);
    }

    private static int find(byte[] bytes, int from, int to, String type) {
        for (int at = from; at < to; at += ByteBuffer.wrap(bytes).getInt(at)) {
            if (type(bytes, at).equals(type)) {
                return at;
            }
        }
        throw new AssertionError("no box " + type);
    }

    private static String type(byte[] bytes, int box) {
        return new String(bytes, box + 4, 4, ISO_8859_1);
    }

    private static byte[] box(String type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(type.getBytes(ISO_8859_1))
                .put(content)
                .array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
