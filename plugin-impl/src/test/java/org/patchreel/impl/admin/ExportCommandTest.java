package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Requester;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.export.UnsignedExport;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditEvent;

class ExportCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    private OneAssetStore store;

    @BeforeEach
    void makeClip() throws IOException {
        Path clip = directory.resolve("clip.mp4");
        store = new OneAssetStore(clip);
        var format = store.asset.metadata().format();
        TestFrames.feed(format, TestEncoders.h264().open(clip, format));
    }

    private final Audit audit = new Audit(true);

    private void export(String... arguments) throws Exception {
        new ExportCommand(store, UnsignedExport.create(), audit)
                .run(
                        directory,
                        Requester.of("anna"),
                        Console.lines(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)),
                        arguments);
    }

    @Test
    void printsWhatItMade() throws Exception {
        export(OneAssetStore.ID, OneAssetStore.ID, "--edl", "--mlt", "--out", "cut");
        assertEquals("""
                folder    %s
                file      timeline.edl
                file      timeline.mlt
                timeline  102 frames at 24 fps
                TIMECODE     FRAMES  REEL      MEDIUM                                SIGNED
                01:00:00:00  51      6H8F0D2B  media/01JD3V7Q0P8W5N2M4K6H8F0D2B.mp4  CN=Signer
                01:00:02:03  51      6H8F0D2B  media/01JD3V7Q0P8W5N2M4K6H8F0D2B.mp4  CN=Signer
                """.formatted(directory.resolve("cut")), out.toString(UTF_8));
        assertEquals("", err.toString(UTF_8));
        assertTrue(Files.exists(directory.resolve("cut/timeline.mlt")));
        assertTrue(Files.notExists(directory.resolve("cut/timeline.otio")));
    }

    @Test
    void printsJsonAndShowsTheProgressOfMezzanines() throws Exception {
        export(OneAssetStore.ID, "--all", "--mezzanine", "prores", "--out", "cut", "--json");
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals(5, json.get("files").size());
        assertEquals("off", json.at("/clips/0/manifest").textValue());
        assertTrue(Files.exists(
                directory.resolve("cut").resolve(json.at("/clips/0/file").textValue())));
        assertEquals("transcoding\n", err.toString(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--all --out cut|asset ID is missing; --help shows how",
                "01ABC --all --out cut|no such asset: 01ABC; assets lists them",
                "ID --all|--out FOLDER is missing; --help shows how",
                "ID --out cut|nothing is asked for: --otio, --edl, --fcp7, --mlt, --xmp, --all, --mezzanine or --master is missing; --help shows how",
                "ID --all --out no/cut|folder DIR/no does not exist",
                "ID --all --out clip.mp4|DIR/clip.mp4 is there already",
                "ID --mezzanine vhs --out cut|--mezzanine must be prores or dnxhr: vhs",
                "ID --fcpx --out cut|unknown option --fcpx, known: --all --edl --fcp7 --help --json --master --mezzanine --mlt --otio --out --quiet --xmp",
            })
    void refusesACallersMistake(String arguments, String message) {
        assertEquals(
                message.replace("DIR", directory.toString()),
                assertThrows(
                                IllegalArgumentException.class,
                                () -> export(arguments
                                        .replace("ID", OneAssetStore.ID)
                                        .split(" ")))
                        .getMessage());
        assertTrue(Files.notExists(directory.resolve("cut")));
    }

    @Test
    void handsOutMastersAndRecordsIt() throws Exception {
        assertEquals(
                "asset " + OneAssetStore.ID + " has no master without a label",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> export(OneAssetStore.ID, "--edl", "--master", "--out", "cut"))
                        .getMessage());
        assertTrue(Files.notExists(directory.resolve("cut")));
        List<AuditEvent> events = new ArrayList<>();
        audit.addSink(events::add);
        Files.copy(directory.resolve("clip.mp4"), directory.resolve("master.mp4"));
        export(OneAssetStore.ID, "--master", "--out", "alone");
        assertTrue(Files.exists(directory.resolve("alone/media/" + OneAssetStore.ID + "-master.mp4")));
        export(OneAssetStore.ID, "--xmp", "--edl", "--master", "--out", "cut");
        Path media = directory.resolve("cut/media");
        assertTrue(Files.exists(media.resolve(OneAssetStore.ID + "-master.mp4")));
        assertTrue(Files.exists(media.resolve(OneAssetStore.ID + "-master.xmp")));
        assertEquals(
                List.of(
                        new AuditAction.Exported(List.of("master")),
                        new AuditAction.Exported(List.of("edl", "master", "xmp"))),
                events.stream().map(AuditEvent::action).toList());
        assertEquals(Requester.of("anna"), events.get(0).by());
    }

    @Test
    void saysHow() throws Exception {
        export("--help");
        assertTrue(out.toString(UTF_8).contains("example: export"));
    }
}
