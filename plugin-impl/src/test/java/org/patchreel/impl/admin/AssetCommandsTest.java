package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
