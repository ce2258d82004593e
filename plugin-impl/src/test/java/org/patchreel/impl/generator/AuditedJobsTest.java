package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationJob;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.JobState;
import org.patchreel.api.Requester;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.verify.Takedowns.Takedown;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditEvent;
import org.patchreel.spi.AuditSink;
import org.patchreel.spi.PolicyDecision;

@Timeout(60)
class AuditedJobsTest {

    private static final Requester ANNA = Requester.of("anna");
    private static final Requester OPERATOR = Requester.of("operator");
    private static final Takedown TAKEN_DOWN = new Takedown("OLD", Instant.EPOCH, "a court's order");

    private final List<AuditEvent> events = Collections.synchronizedList(new ArrayList<>());

    /** Types of the events that cannot be recorded. */
    private volatile Set<String> failing = Set.of();

    private final AuditSink sink = event -> {
        if (failing.contains(event.action().type())) {
            throw new IOException("the disk is full");
        }
        events.add(event);
    };

    private Installation here;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        here = new Installation(folder, new FakeModel(FakeModel.starter()));
        here.audit.addSink(sink);
    }

    @AfterEach
    void stop() throws Exception {
        here.close();
    }

    private static GenerationRequest request() {
        return GenerationRequest.builder("a red ball").size(64, 64).seed(7).build();
    }

    private JobState.Ended end(GenerationJob job) throws Exception {
        return job.await(Duration.ofSeconds(20)).orElseThrow();
    }

    private List<String> types() {
        return List.copyOf(events).stream().map(event -> event.action().type()).toList();
    }

    private AuditEvent event(String type) {
        return List.copyOf(events).stream()
                .filter(event -> event.action().type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " is not among " + types()));
    }

    @Test
    void recordsWhatWasAskedForDecidedMadeAndStored() throws Exception {
        GenerationJob job = here.generator.submit("J1", request(), ANNA);
        JobState.Completed completed = assertInstanceOf(JobState.Completed.class, end(job));
        assertEquals(List.of("submitted", "decided", "made", "stored"), types());
        events.forEach(event -> assertEquals("J1", event.subject()));
        assertEquals(ANNA, event("submitted").by());
        assertEquals("a red ball", event("submitted").action().prompts().get(0));
        assertEquals("allowed", event("decided").action().facts().get("outcome"));
        Map<String, Object> made = event("made").action().facts();
        Path clip = Path.of(completed.asset().location());
        assertEquals(Digests.sha256(Files.readAllBytes(clip)), made.get("sha256"));
        assertEquals(FakeProvenance.SIGNED.watermarkId().orElseThrow(), made.get("watermark"));
        Map<?, ?> model = assertInstanceOf(Map.class, made.get("model"));
        assertEquals(List.of("ab".repeat(32) + " vae/diffusion_pytorch_model.safetensors"), model.get("weights"));
        assertEquals(
                completed.asset().location().toString(),
                event("stored").action().facts().get("location"));
    }

    @Test
    void recordsARefusalWithItsRule() throws Exception {
        here.policies.addPolicy(submission -> new PolicyDecision.Refused("no-balls", "no balls"), Map.of());
        assertInstanceOf(JobState.Refused.class, end(here.generator.submit("J1", request(), ANNA)));
        assertEquals(List.of("submitted", "decided"), types());
        assertEquals("no-balls", event("decided").action().facts().get("rule"));
    }

    @Test
    void whatCannotBeRecordedIsNotGenerated() throws Exception {
        for (String type : List.of("submitted", "decided")) {
            failing = Set.of(type);
            GenerationException e =
                    assertThrows(GenerationException.class, () -> here.generator.submit("J" + type, request(), ANNA));
            assertEquals(Reason.STORAGE, e.reason());
            assertEquals(
                    "job J" + type + " is not taken: " + type + " cannot be recorded: the disk is full",
                    e.getMessage());
        }
        assertTrue(here.generator.jobs().isEmpty());
    }

    @Test
    void aClipThatCannotBeRecordedIsNotStored() throws Exception {
        failing = Set.of("made");
        JobState.Failed failed =
                assertInstanceOf(JobState.Failed.class, end(here.generator.submit("J1", request(), ANNA)));
        assertEquals(
                "asset J1 cannot be stored: made cannot be recorded: the disk is full",
                failed.cause().getMessage());
        assertTrue(here.store.assets.isEmpty());
        assertTrue(here.provenance.records.isEmpty());
        assertEquals(List.of("submitted", "decided", "failed"), types());
    }

    @Test
    void theOperatorMayHaveItGoOn() throws Exception {
        here.audit = new Audit(false);
        here.restart();
        here.audit.addSink(sink);
        failing = Set.of("submitted", "decided", "made", "stored");
        assertInstanceOf(JobState.Completed.class, end(here.generator.submit("J1", request(), ANNA)));
        assertEquals(List.of(), types());
    }

    @Test
    void oneSinkThatFailsDoesNotKeepTheOthersFromRecording() throws Exception {
        here.audit.removeSink(sink);
        here.audit.addSink(event -> {
            throw new IllegalStateException("broken");
        });
        here.audit.addSink(sink);
        assertThrows(GenerationException.class, () -> here.generator.submit("J1", request(), ANNA));
        assertEquals(List.of("submitted"), types());
    }

    @Test
    void recordsWhoReleasesAndCancels() throws Exception {
        here.policies.addPolicy(submission -> new PolicyDecision.Held("look", "somebody looks at it"), Map.of());
        here.generator.submit("J1", request(), ANNA);
        here.generator.submit("J2", request(), ANNA);
        here.jobs.cancel("J2", OPERATOR);
        assertEquals(OPERATOR, event("cancellation-requested").by());
        assertEquals("J2", event("cancelled").subject());
        failing = Set.of("released");
        assertThrows(IOException.class, () -> here.jobs.release("J1", OPERATOR));
        failing = Set.of();
        here.jobs.release("J1", OPERATOR);
        assertEquals(OPERATOR, event("released").by());
        assertInstanceOf(JobState.Completed.class, end(here.generator.job("J1").orElseThrow()));
    }

    @Test
    void whatWasTakenDownIsNotMadeAgain() throws Exception {
        here.takedowns.assets.put("J1", TAKEN_DOWN);
        JobState.Refused refused =
                assertInstanceOf(JobState.Refused.class, end(here.generator.submit("J1", request(), ANNA)));
        assertEquals("taken-down", refused.rule());
        assertEquals("source", event("decided").action().facts().get("stage"));
    }

    @Test
    void aFailureIsRecordedWithItsReasonAndItsMessageIsPersonal() throws Exception {
        here.provenance.signFailure = new GenerationException(Reason.PROVENANCE, "no key of anna");
        end(here.generator.submit("J1", request(), ANNA));
        AuditAction failed = event("failed").action();
        assertEquals(Map.of("reason", "provenance"), failed.facts());
        assertEquals(Map.of("message", "no key of anna"), failed.personal());
    }

    @Test
    void aQueueThatIsFullIsRecordedAsAFailure() throws Exception {
        here.with(Installation.limits(1, 0, 0));
        here.generator.pause(true);
        here.generator.submit("J1", request(), ANNA);
        assertThrows(GenerationException.class, () -> here.generator.submit("J2", request(), ANNA));
        assertEquals("busy", event("failed").action().facts().get("reason"));
    }
}
