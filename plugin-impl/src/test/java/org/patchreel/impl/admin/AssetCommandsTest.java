package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

class AssetCommandsTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final OneAssetStore store = new OneAssetStore(Path.of("/assets/clip.mp4"));

    @Test
    void listsWhatCanBeReadAndNamesWhatCannot() throws Exception {
        assets();
        assertEquals("""
                ID                          CREATED               SIZE     SECONDS  MODEL    PROMPT
                01JD3V7Q0P8W5N2M4K6H8F0D2B  2030-01-02T03:04:05Z  320x320  2.125    starter  a "red" ball rolls $5 \u4e2d
                """, out.toString(UTF_8));
        assertEquals(
                "asset " + OneAssetStore.DAMAGED + " cannot be read: metadata.json ends early\n", err.toString(UTF_8));
    }

    @Test
    void listsTheNewestFirstWhateverTheFilesTimesAre() throws Exception {
        StoredAsset older =
                new OneAssetStore(Path.of("/assets/a.mp4"), "01A", Instant.parse("2030-01-01T00:00:00Z")).asset;
        StoredAsset newer =
                new OneAssetStore(Path.of("/assets/b.mp4"), "01B", Instant.parse("2030-01-02T00:00:00Z")).asset;
        AssetStore restored = new AssetStore() {
            @Override
            public AssetDraft open(String id, Destination destination) throws IOException {
                throw new IOException("full");
            }

            @Override
            public List<AssetReference> list() {
                return List.of(older.reference(), newer.reference());
            }

            @Override
            public Optional<StoredAsset> find(String id) {
                return Optional.of(id.equals("01A") ? older : newer);
            }
        };
        new AssetsCommand(restored).run(Console.lines(stream(out), stream(err)), "--json");
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals("01B", json.get(0).get("id").textValue());
        assertEquals("01A", json.get(1).get("id").textValue());
    }

    @Test
    void listsAsJson() throws Exception {
        assets("--json");
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals(1, json.size());
        assertEquals(320, json.get(0).get("width").intValue());
    }

    @Test
    void showsHowAClipWasMade() throws Exception {
        show(OneAssetStore.ID, "--json");
        JsonNode json = new ObjectMapper().readTree(out.toString(UTF_8));
        assertEquals(96, json.at("/generated/width").intValue());
        assertEquals(8, json.at("/generated/frameRate").intValue());
        assertEquals(
                "the prompt is longer than the model reads", json.at("/notes/0").textValue());
        assertEquals(
                "ab".repeat(32), json.get("weights").get("vae/x.safetensors").textValue());
        assertEquals(1.5, json.get("timings").get("sampling").doubleValue());
    }

    @Test
    void refusesAnUnknownOrImpossibleId() {
        assertEquals(
                "no such asset: 01ABC; assets lists them",
                assertThrows(IllegalArgumentException.class, () -> show("01ABC"))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> show("../../etc/passwd"));
        assertThrows(IllegalArgumentException.class, () -> assets("what"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"prores", "clip.mp4", "no/such/rendition", ""})
    void showTakesTheIdOfAClipWithoutThatOfOneOfItsFiles(String file) {
        CommandSession session = new CommandProcessorImpl(null).createSession(InputStream.nullInputStream(), out, err);
        assertEquals(
                "an asset's ID has no /" + file + " behind it: " + OneAssetStore.ID + "/" + file + "; show "
                        + OneAssetStore.ID + " tells of the clip and its files",
                assertThrows(
                                CommandException.class,
                                () -> new ShowCommand(store).show(session, OneAssetStore.ID + "/" + file))
                        .getMessage());
        assertEquals(2, session.get(Console.STATUS));
    }

    @Test
    void doctorNamesTheFolderThatServesAsHome(@TempDir Path folder) {
        for (Finding home : List.of(
                Diagnostics.home(Optional.of(folder), null), Diagnostics.home(Optional.empty(), folder.toFile()))) {
            assertEquals("home", home.subject());
            assertTrue(home.state().startsWith(folder + " is writable, "), home.state());
        }
        assertTrue(Diagnostics.home(Optional.empty(), folder.resolve("gone").toFile())
                .state()
                .startsWith(folder.resolve("gone") + " is not a writable folder"));
    }

    @Test
    void doctorPrintsWhatIsWrongWithItsMendAndFails() throws Exception {
        List<Finding> findings = List.of(
                Finding.good("java", "17"),
                Diagnostics.assets(store),
                Diagnostics.encoders(null),
                Diagnostics.home(Optional.of(Path.of("/no/such/folder")), null));
        assertEquals(
                "3 things are wrong",
                assertThrows(CommandException.class, () -> DoctorCommand.report(findings, false, stream(out)))
                        .getMessage());
        assertEquals("""
                good   java: 17
                WRONG  assets: full
                       make the folder writable
                WRONG  encoder: not there
                       correct the configuration org.patchreel.media
                WRONG  home: /no/such/folder is not a writable folder
                       make it one, or set PATCHREEL_HOME
                """, out.toString(UTF_8));
    }

    @Test
    void doctorHasAnotherRemedyForLibrariesOnANoexecFileSystemThanForTheWrongBuild() {
        assertEquals(
                "mount it without noexec, or move PATCHREEL_HOME, in a host its folder of bundles, to another",
                Diagnostics.unloadable("/srv/natives is on a file system that is mounted noexec")
                        .remedy());
        assertEquals(
                "use the build for this kind of machine",
                Diagnostics.unloadable("no jniavutil in java.library.path").remedy());
    }

    @Test
    void doctorPrintsJson() throws Exception {
        DoctorCommand.report(List.of(Finding.good("java", "17")), true, stream(out));
        assertTrue(new ObjectMapper().readTree(out.toString(UTF_8)).get("good").booleanValue());
    }

    private void assets(String... arguments) throws Exception {
        new AssetsCommand(store).run(Console.lines(stream(out), stream(err)), arguments);
    }

    private void show(String... arguments) throws Exception {
        new ShowCommand(store).run(stream(out), arguments);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }
}
