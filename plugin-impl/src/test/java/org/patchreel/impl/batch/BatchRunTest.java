package org.patchreel.impl.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.JobState;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.api.Requester;
import org.patchreel.contract.KeptSources;
import org.patchreel.contract.ScriptedGenerator;
import org.patchreel.impl.batch.BatchResult.Done;
import org.patchreel.impl.batch.BatchResult.Failed;
import org.patchreel.impl.verify.ScriptedVerifier;

@Timeout(30)
class BatchRunTest {

    private static final PromptTable TABLE = new PromptTable(List.of(
            new PromptTable.Row(1, Map.of("name", "ä b", "prompt", "a <red> ball")),
            new PromptTable.Row(2, Map.of("name", "c", "prompt", "a cube"))));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<String> told = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set before each test
    private BatchPlan plan;

    @SuppressWarnings("NullAway.Init") // set before each test
    private ScriptedGenerator generator;

    private Verdict verdict = Verdict.SIGNED;
    private boolean carried = true;

    @BeforeEach
    void start(@TempDir Path assets) throws Exception {
        plan = BatchPlan.of(TABLE, Map.of(), (name, store) -> Optional.empty(), new KeptSources(), item -> {});
        generator = new ScriptedGenerator(assets);
    }

    @Test
    void deliversEveryClipVerifiedWithAReport() throws Exception {
        List<BatchResult> results = run();
        for (BatchResult result : results) {
            Done done = assertInstanceOf(Done.class, result.outcome());
            assertArrayEquals(ScriptedGenerator.clip(), Files.readAllBytes(done.file()));
            assertTrue(done.made());
            assertTrue(done.proved());
        }
        assertEquals(List.of("1 done", "2 done"), told);
        assertEquals(List.of("c.jpg", "c.mp4", "index.html", "report.json", "ä b.jpg", "ä b.mp4"), files());
        JsonNode report = report();
        assertEquals(2, report.get("done").intValue());
        assertEquals("signed", report.at("/results/0/verdict").textValue());
        assertEquals("ä b.mp4", report.at("/results/0/file").textValue());
        String page = Files.readString(folder.resolve("index.html"));
        assertTrue(page.contains("2 of 2 clips are done"), page);
        assertTrue(page.contains("src=\"%C3%A4%20b.mp4\""), page);
        assertTrue(page.contains("a &lt;red&gt; ball"), page);
    }

    @Test
    void goesOnAfterAKillWithoutMakingAClipTwice() throws Exception {
        generator.hold();
        Thread batch = new Thread(() -> assertThrows(InterruptedException.class, this::run));
        batch.start();
        while (generator.jobs().isEmpty()) {
            Thread.sleep(10);
        }
        generator.complete();
        while (generator.jobs().size() < 2) {
            Thread.sleep(10);
        }
        batch.interrupt();
        batch.join();
        assertInstanceOf(JobState.Cancelled.class, generator.jobs().get(1).state());
        assertEquals(1, report().get("done").intValue());
        assertEquals(1, report().get("waiting").intValue());
        generator.restart();
        List<BatchResult> results = run();
        assertEquals(
                List.of(false, true),
                results.stream().map(result -> ((Done) result.outcome()).made()).toList());
        assertEquals(3, generator.requests().size());
        assertEquals(
                generator.requests().get(1).sampling(),
                generator.requests().get(2).sampling());
    }

    @Test
    void goesOnAfterAClipThatFails() throws Exception {
        generator.endWith(new JobState.Refused("violence", "violence is not drawn here"));
        List<BatchResult> results = run();
        assertEquals(
                new Failed("refused", "refused by rule violence: violence is not drawn here"),
                results.get(0).outcome());
        assertEquals(2, generator.requests().size());
        assertEquals("refused", report().at("/results/1/reason").textValue());
    }

    @Test
    void stopsAtAFailureThatAllFurtherClipsWouldMeet() throws Exception {
        generator.refuseWith(new GenerationException(Reason.NO_MODEL, "no model is installed"));
        List<BatchResult> results = run();
        assertEquals(
                new Failed("no-model", "no model is installed"), results.get(0).outcome());
        assertInstanceOf(BatchResult.Waiting.class, results.get(1).outcome());
        assertEquals(List.of("1 failed"), told);
    }

    @Test
    void writesThroughNoLinkThatLiesInTheFolder() throws Exception {
        Path others = Files.writeString(Files.createTempFile("others", ".txt"), "of somebody else");
        for (String name : List.of(".report.json.part", "report.json", "index.html", "c.mp4")) {
            Files.createSymbolicLink(folder.resolve(name), others);
        }
        run();
        assertEquals("of somebody else", Files.readString(others));
        assertTrue(Files.isRegularFile(folder.resolve("report.json"), LinkOption.NOFOLLOW_LINKS));
        Files.delete(others);
    }

    @Test
    void tellsAClipThatIsNotProved() throws Exception {
        verdict = Verdict.INVALID;
        assertFalse(((Done) run().get(0).outcome()).proved());
        assertEquals("invalid", report().at("/results/0/verdict").textValue());
        assertEquals("not-proved", report().at("/results/0/origin").textValue());
        assertTrue(Files.readString(folder.resolve("index.html")).contains("<figure class=\"unproved\">"));
    }

    @Test
    void aSignatureThatIsNotOursProvesNoClip() throws Exception {
        carried = false;
        assertFalse(((Done) run().get(0).outcome()).proved());
        assertEquals("signed", report().at("/results/0/verdict").textValue());
        assertTrue(Files.readString(folder.resolve("index.html")).contains("signed, origin not proved"));
    }

    private List<BatchResult> run() throws Exception {
        return new BatchRun(
                        generator,
                        new ScriptedVerifier(file -> new ProvenanceReport(
                                verdict,
                                "a sentence",
                                new Manifest(
                                        ManifestState.VALID, List.of(), "", "", Optional.empty(), List.of(), List.of()),
                                new Watermark(List.of()),
                                List.of(new Recovered("a", "", "", carried, true, List.of(), 1, List.of())))),
                        (from, to) ->
                                Files.copy(Channels.newInputStream(from), to, StandardCopyOption.REPLACE_EXISTING),
                        folder)
                .run(plan, Requester.of("anna"), new BatchRun.Listener() {
                    @Override
                    public void at(int number, BatchItem item, JobState state) {
                        assertEquals(plan.items().get(number - 1), item);
                    }

                    @Override
                    public void ended(int number, BatchResult result) {
                        told.add(number + " " + result.outcome().label());
                    }
                });
    }

    private JsonNode report() throws Exception {
        return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    }

    private List<String> files() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
