package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.contract.ScriptedGenerator;

class JobsCommandTest {

    private ScriptedGenerator generator;

    @BeforeEach
    void start(@TempDir Path folder) {
        generator = new ScriptedGenerator(folder);
    }

    @Test
    void showsWhereEachJobStandsAndWhoAsked() throws Exception {
        submitOneOfEachKind();
        assertEquals("""
                ID  STATE          REQUESTER  PROMPT
                1   completed      anna       a red ball
                2   refused        -          a green cone
                3   failed         ben        a white cat
                4   sampling 3/20  anna       a blue cube
                """, run());
    }

    @Test
    void tellsProgramsEverythingThatIsKnownOfTheRequester() throws Exception {
        submitOneOfEachKind();
        JsonNode jobs = new ObjectMapper().readTree(run("--json"));
        assertEquals(URI.create("remote:/1").toString(), jobs.at("/0/location").textValue());
        assertEquals("{\"user\":\"anna\"}", jobs.at("/0/requester").toString());
        assertEquals("house-rules", jobs.at("/1/rule").textValue());
        assertEquals("{}", jobs.at("/1/requester").toString());
        assertEquals("memory", jobs.at("/2/reason").textValue());
        assertEquals("no room", jobs.at("/2/message").textValue());
        assertEquals(
                "{\"user\":\"ben\",\"groups\":[\"art\",\"editors\"],\"project\":\"spring\",\"tenant\":\"north\"}",
                jobs.at("/2/requester").toString());
        assertEquals(20, jobs.at("/3/total").intValue());
        assertEquals("a blue cube", jobs.at("/3/prompt").textValue());
    }

    @Test
    void saysThatThereIsNone() {
        assertEquals("no job since the start\n", run());
        assertEquals("[]\n", run("--json"));
        assertThrows(IllegalArgumentException.class, () -> run("1"));
    }

    private void submitOneOfEachKind() throws Exception {
        Requester anna = Requester.of("anna");
        generator.submit("1", GenerationRequest.of("a red ball"), anna);
        generator.endWith(new JobState.Refused("house-rules", "not here"));
        generator.submit("2", GenerationRequest.of("a green\ncone"), Requester.UNKNOWN);
        generator.endWith(new JobState.Failed(new GenerationException(Reason.MEMORY, "no room")));
        generator.submit(
                "3",
                GenerationRequest.of("a white cat"),
                new Requester(
                        Optional.of("ben"), Set.of("editors", "art"), Optional.of("spring"), Optional.of("north")));
        generator.hold();
        generator.submit("4", GenerationRequest.of("a blue cube"), anna);
    }

    private String run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, UTF_8);
        new JobsCommand(generator).run(Console.lines(printed, printed), arguments);
        return out.toString(UTF_8);
    }
}
