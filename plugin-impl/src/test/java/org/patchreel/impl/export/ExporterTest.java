package org.patchreel.impl.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFile;
import org.patchreel.api.FrameRate;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ClipInfo;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.MezzanineCodec;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.spi.Settings;

@Timeout(120)
class ExporterTest {
    private static final VideoFormat FORMAT = new VideoFormat(320, 192, 9, 8);
    private static final ExportProgress SILENT = (id, clip, clips, done, total) -> {};

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private StoredAsset one;
    private StoredAsset two;
    private Path exports;
    private Path folder;
    private final Exporter exporter = UnsignedExport.create();

    @BeforeEach
    void makeClips() throws IOException {
        one = stored(SampleClips.ID, FORMAT);
        two = stored(SampleClips.OTHER_ID, new VideoFormat(320, 192, 5, 24));
        exports = Files.createDirectory(directory.resolve("exports"));
        folder = exports.resolve("cut one");
    }

    private StoredAsset stored(String id, VideoFormat format) throws IOException {
        Path asset = Files.createDirectories(directory.resolve("assets").resolve(id));
        TestFrames.feed(format, TestEncoders.h264().open(asset.resolve(AssetFile.CLIP.fileName()), format));
        return new SampleClips.Stored(asset, SampleClips.metadata(id, Optional.of("Rot"), "a red ball", format));
    }

    private ExportRequest request(List<StoredAsset> assets, Optional<MezzanineCodec> mezzanine) {
        return new ExportRequest(assets, folder, EnumSet.allOf(ExportFormat.class), mezzanine);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(exports)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> exports.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void makesAFolderWithTheClipsAndEveryFormat() throws Exception {
        ExportResult result = exporter.write(request(List.of(one, two, one), Optional.empty()), SILENT);
        assertEquals(
                List.of(
                        "cut one/media/" + SampleClips.ID + ".mp4",
                        "cut one/media/" + SampleClips.ID + ".xmp",
                        "cut one/media/" + SampleClips.OTHER_ID + ".mp4",
                        "cut one/media/" + SampleClips.OTHER_ID + ".xmp",
                        "cut one/timeline.edl",
                        "cut one/timeline.mlt",
                        "cut one/timeline.otio",
                        "cut one/timeline.xml"),
                left());
        assertArrayEquals(
                Files.readAllBytes(
                        directory.resolve("assets").resolve(SampleClips.ID).resolve("clip.mp4")),
                Files.readAllBytes(folder.resolve("media").resolve(SampleClips.ID + ".mp4")));
        assertEquals(FrameRate.of(24), result.rate());
        assertEquals(27 + 5 + 27, result.frames());
        assertEquals(
                List.of("01:00:00:00", "01:00:01:03", "01:00:01:08"),
                result.clips().stream().map(ExportResult.Clip::timecode).toList());
        assertEquals(
                List.of("H8F0D2B", "H8F0D2C", "H8F0D2B").stream()
                        .map(reel -> "6" + reel)
                        .toList(),
                result.clips().stream().map(ExportResult.Clip::reel).toList());
        assertTrue(Files.readString(folder.resolve("timeline.xml"))
                .contains("file://localhost" + folder.toUri().getRawPath() + "media/"));
    }

    @Test
    void mediaAreMezzaninesOnRequest() throws Exception {
        List<String> told = new ArrayList<>();
        ExportResult result = exporter.write(
                request(List.of(one, two), Optional.of(MezzanineCodec.PRORES)),
                (id, clip, clips, done, total) -> told.add(clip + "/" + clips + " " + done + "/" + total));
        assertEquals(14, told.size());
        assertEquals("1/2 1/9", told.get(0));
        assertEquals("2/2 5/5", told.get(13));
        Path movie = folder.resolve(result.clips().get(0).file());
        ClipInfo info = ClipReader.probe(movie);
        assertEquals("prores", info.codec());
        assertEquals(24, info.frameRate());
        assertEquals(27, info.frameCount());
        assertEquals("01:00:00:00", info.timecode());
        assertEquals(Optional.empty(), result.clips().get(0).manifest());
        assertFalse(left().toString().contains(".mp4"), left().toString());
        assertTrue(Files.readString(folder.resolve("timeline.edl")).contains("01:00:00:00 01:00:01:03 01:00:00:00"));
    }

    @Test
    void clipsWhoseNamesEndAlikeHaveReelsOfTheirOwn() throws Exception {
        StoredAsset other = stored("X" + SampleClips.ID.substring(1), FORMAT);
        ExportResult result = exporter.write(request(List.of(one, other), Optional.empty()), SILENT);
        assertEquals(
                List.of("6H8F0D2B", "R0000002"),
                result.clips().stream().map(ExportResult.Clip::reel).toList());
    }

    @Test
    void refusesAFolderThatIsThereOrCannotBe() throws IOException {
        Files.createDirectory(folder);
        ExportRequest there = request(List.of(one), Optional.empty());
        assertEquals(
                folder + " is there already",
                assertThrows(IllegalArgumentException.class, () -> exporter.write(there, SILENT))
                        .getMessage());
        ExportRequest nowhere = new ExportRequest(
                List.of(one), directory.resolve("no/such"), Set.of(ExportFormat.EDL), Optional.empty());
        assertEquals(
                "folder " + directory.resolve("no") + " does not exist",
                assertThrows(IllegalArgumentException.class, () -> exporter.write(nowhere, SILENT))
                        .getMessage());
        assertEquals(List.of(), left());
    }

    @Test
    void refusesWhatCannotBeDoneBeforeAnythingIsWritten() throws IOException {
        StoredAsset small = stored("small", new VideoFormat(96, 96, 5, 8));
        assertEquals(
                "asset small: dnxhr takes frames of at least 256x120, not 96x96",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> request(List.of(one, small), Optional.of(MezzanineCodec.DNXHR)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> request(List.of(), Optional.empty()));
        List<StoredAsset> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(one);
        }
        assertThrows(IllegalArgumentException.class, () -> request(many, Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ExportRequest(List.of(one), folder, Set.of(), Optional.empty()));
        StoredAsset escape = new SampleClips.Stored(
                directory, SampleClips.metadata("../escape", Optional.empty(), "a ball", FORMAT));
        assertThrows(IllegalArgumentException.class, () -> request(List.of(escape), Optional.empty()));
    }

    @Test
    void leavesNothingOfAClipThatIsMissingOrDamaged() throws IOException {
        Path clip = directory.resolve("assets").resolve(SampleClips.OTHER_ID).resolve("clip.mp4");
        Files.writeString(clip, "damaged");
        ExportRequest damaged = request(List.of(one, two), Optional.of(MezzanineCodec.PRORES));
        assertThrows(IOException.class, () -> exporter.write(damaged, SILENT));
        Files.delete(clip);
        ExportRequest missing = request(List.of(one, two), Optional.empty());
        assertThrows(IOException.class, () -> exporter.write(missing, SILENT));
        assertEquals(List.of(), left());
    }

    @Test
    void leavesNothingWhenItsThreadIsInterrupted() throws IOException {
        ExportRequest request = request(List.of(one), Optional.of(MezzanineCodec.PRORES));
        assertThrows(
                InterruptedException.class,
                () -> exporter.write(request, (id, clip, clips, done, total) -> {
                    if (done == 3) {
                        Thread.currentThread().interrupt();
                    }
                }));
        assertEquals(List.of(), left());
    }

    @Test
    void leavesNothingWhenItIsStopped() throws Exception {
        ExportRequest request = request(List.of(one), Optional.of(MezzanineCodec.PRORES));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                exporter.write(request, (id, clip, clips, done, total) -> {
                    begun.countDown();
                    if (done == 1) {
                        try {
                            goOn.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                });
            } catch (IOException | InterruptedException e) {
                failure.set(e);
            }
        });
        thread.start();
        begun.await();
        Thread stopper = new Thread(exporter::stop);
        stopper.start();
        goOn.countDown();
        stopper.join();
        assertEquals(List.of(), left(), "stop() has waited until all was cleared away");
        thread.join();
        assertTrue(failure.get() instanceof InterruptedException, String.valueOf(failure.get()));
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemAllows() throws Exception {
        folder = exports.resolve("n".repeat(250));
        exporter.write(request(List.of(one), Optional.empty()), SILENT);
        assertTrue(Files.isDirectory(folder));
        folder = exports.resolve("\u4e2d".repeat(90));
        assertThrows(
                IllegalArgumentException.class, () -> exporter.write(request(List.of(one), Optional.empty()), SILENT));
    }

    @Test
    void refusesToLeaveAMezzanineUnsignedWhereSigningIsOn() throws IOException {
        Exporter without =
                new Exporter(() -> true, null, (file, kind, clip) -> Optional.empty(), new Settings<>(false));
        ExportRequest request = request(List.of(one), Optional.of(MezzanineCodec.PRORES));
        assertEquals(
                "what signs mezzanines is not there; see doctor",
                assertThrows(IOException.class, () -> without.write(request, SILENT))
                        .getMessage());
        assertEquals(List.of(), left());
    }
}
