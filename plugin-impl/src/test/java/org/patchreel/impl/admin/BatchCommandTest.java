package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.api.ClipLength;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;

class BatchCommandTest {

    private static final Requester ANNA = Requester.of("anna");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final FakeGenerator generator = new FakeGenerator(new JobState.Cancelled());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt,size,seconds,steps,model#a ball,64x64,0.2,1,#b ball,64x64,0.2,1,nosuch|t.csv, row 2: unknown model: nosuch, installed: starter",
                "prompt,size#a ball,64x64#b ball,65x64|t.csv, row 2: width must be a multiple of 2: 65, nearest are 64 and 66",
                "prompt,frame.rate#a ball,12.5|t.csv, row 1: frame.rate must be a whole number from 1 to 120, or one of NTSC's such as 24000/1001, 30000/1001 and 60000/1001 (23.976, 29.97, 59.94): 12.5",
                "prompt,sise#a ball,64x64|t.csv, nothing uses the column sise: no placeholder {sise} stands for it, and the columns that need none are name, prompt, prompt.property, prompt.asset, negative.prompt, model, size, seconds, frames, frame.rate, frame.interpolation, seed, steps, guidance.scale, folder, title, camera",
                "prompt,seed,prompt#a ball,1,a cube|t.csv: the column prompt appears twice",
                "text;size#a ball;64x64|t.csv, nothing uses the column text: no placeholder {text} stands for it, and the columns that need none are name, prompt, prompt.property, prompt.asset, negative.prompt, model, size, seconds, frames, frame.rate, frame.interpolation, seed, steps, guidance.scale, folder, title, camera",
            })
    void namesWhatIsWrongInAnyRowBeforeAnythingIsGenerated(String table, String message) throws IOException {
        Files.writeString(folder.resolve("t.csv"), table.replace('#', '\n'));
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> run("t.csv", "--out", "x"))
                        .getMessage());
        assertEquals(List.of(), generator.requests);
        assertTrue(Files.notExists(folder.resolve("x")));
    }

    @Test
    void makesRequestsOfTheRowsThatAreThere() throws Exception {
        Files.writeString(
                folder.resolve("t.csv"), "\uFEFFPrompt;Seconds;Camera\r\na ball;0,5;pan left, dolly in\r\n;\r\n;;\r\n");
        assertEquals(1, run("t.csv", "--out", "x", "--fps", "29.97", "--interpolation", "blend", "--seed", "7"));
        GenerationRequest request = generator.requests.get(0);
        assertEquals(1, generator.requests.size());
        assertEquals(
                List.of(new Shot(
                        "a ball",
                        "",
                        Optional.of(new ClipLength.Seconds(0.5)),
                        List.of(),
                        Camera.of(CameraMove.PAN_LEFT, CameraMove.DOLLY_IN))),
                request.shots());
        assertEquals("29.97", request.frameRate().orElseThrow().toString());
        assertEquals("blend", request.frameInterpolation().label());
        assertEquals(List.of(ANNA), generator.requesters);
    }

    private int run(String... arguments) throws Exception {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, UTF_8);
        return new BatchCommand(generator, file -> {
                    throw new IOException("no clip is made here");
                })
                .run(folder, ANNA, Console.lines(nowhere, nowhere), arguments);
    }
}
