package org.patchreel.sling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.jcr.Node;
import javax.jcr.Session;
import org.apache.sling.event.jobs.consumer.JobExecutionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobState;
import org.patchreel.contract.GenerateClipStepContract;
import org.patchreel.contract.ScriptedGenerator;

class GenerateJobExecutorTest extends GenerateClipStepContract {

    private static final String FOLDER = OakRepository.ROOT + "/clips";

    @TempDir
    Path directory;

    private OakRepository repository;
    private SlingAssetStore store;
    private GenerateJobExecutor executor;
    private int jobs;

    @SuppressWarnings("NullAway.Init") // start
    GenerateJobExecutorTest() {}

    @Override
    protected void start(ScriptedGenerator present) throws Exception {
        repository = OakRepository.open(directory.resolve("repository"));
        store = new SlingAssetStore(repository, directory.resolve("drafts"), "process", OakRepository.ROOT);
        executor = new GenerateJobExecutor(repository, store, present, present.sources());
        Session admin = repository.admin();
        OakRepository.folder(admin, FOLDER);
        OakRepository.permit(
                OakRepository.folder(admin, "/content/dam/others"), OakRepository.SERVICE_USER, "jcr:read");
        admin.logout();
    }

    @Override
    protected void removeGenerator() {
        executor.generator(null);
    }

    @Override
    protected void removeSourceStore() {
        executor.sources(null);
    }

    @Override
    protected String file(String name, byte[] content) throws Exception {
        Session admin = repository.admin();
        try {
            return OakRepository.file(OakRepository.folder(admin, OakRepository.ROOT + "/pictures"), name, content);
        } finally {
            admin.logout();
        }
    }

    @Override
    protected Workflow beginOn(Map<String, String> arguments, String file) {
        return begin(arguments, Map.of("path", file));
    }

    @Override
    protected Workflow begin(Map<String, String> arguments, Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(arguments);
        properties.forEach((name, value) -> all.put("payload." + name, value));
        all.put("event.job.topic", JobArguments.TOPIC);
        all.put("slingevent:created", "today");
        all.put("patchreel.user", user());
        return new RunningJob(new FakeJob("2026/11/24/11/50/instance_" + ++jobs, all));
    }

    /** A job that Sling executes, and executes again after a restart. */
    private final class RunningJob implements Workflow {
        private final FakeJob job;
        private FakeContext context = new FakeContext();
        private CompletableFuture<JobExecutionResult> result;

        RunningJob(FakeJob job) {
            this.job = job;
            this.result = CompletableFuture.supplyAsync(() -> executor.process(job, context));
        }

        @Override
        public Ended await() throws Exception {
            JobExecutionResult ended = result.get();
            if (ended.succeeded()) {
                return new Ended(End.COMPLETED, "", Optional.of(ended.getMessage()));
            }
            End end = context.isStopped() ? End.CANCELLED : End.FAILED;
            return new Ended(
                    ended.getMessage().startsWith("refused") ? End.REFUSED : end, ended.getMessage(), Optional.empty());
        }

        @Override
        public void stop() {
            context.stopped = true;
        }

        @Override
        public void restart() throws Exception {
            updateStep();
        }

        @Override
        public void updateStep() throws Exception {
            executor.stop();
            assertTrue(result.get().failed(), "Sling would not execute the job again");
            executor = new GenerateJobExecutor(repository, store, generator, generator.sources());
            context = new FakeContext();
            result = CompletableFuture.supplyAsync(() -> executor.process(job, context));
        }
    }

    @Override
    protected String user() {
        return "anna";
    }

    @Override
    protected String folder() {
        return FOLDER;
    }

    @Override
    protected Optional<String> forbiddenFolder() {
        return Optional.of("/content/dam/others");
    }

    @Override
    protected byte[] clip(String asset) throws Exception {
        Session admin = repository.admin();
        try (InputStream in = admin.getNode(asset)
                .getProperty("jcr:content/jcr:data")
                .getBinary()
                .getStream()) {
            return in.readAllBytes();
        } finally {
            admin.logout();
        }
    }

    @Override
    protected String title(String asset) throws Exception {
        Session admin = repository.admin();
        try {
            return admin.getNode(asset)
                    .getProperty("jcr:content/metadata/dc:title")
                    .getString();
        } finally {
            admin.logout();
        }
    }

    @Override
    protected int clips() throws Exception {
        Session admin = repository.admin();
        try {
            return Math.toIntExact(admin.getNode(FOLDER).getNodes().getSize());
        } finally {
            admin.logout();
        }
    }

    @Override
    protected void close() {
        repository.close();
    }

    private JobExecutionResult execute(Map<String, Object> properties) {
        return executor.process(new FakeJob("2026/11/24/11/50/instance_x", properties), new FakeContext());
    }

    @Test
    void takesThePromptFromATextAsset() throws Exception {
        Session admin = repository.admin();
        Node file = OakRepository.folder(admin, FOLDER).addNode("brief.txt", "nt:file");
        Node content = file.addNode("jcr:content", "nt:resource");
        content.setProperty("jcr:mimeType", "text/plain");
        content.setProperty(
                "jcr:data",
                admin.getValueFactory().createBinary(new ByteArrayInputStream("ein rötlicher Ball".getBytes(UTF_8))));
        admin.save();
        admin.logout();
        assertTrue(execute(Map.of("payload.path", FOLDER + "/brief.txt")).succeeded());
        assertTrue(executor.process(
                        new FakeJob("other", Map.of("prompt.asset", FOLDER + "/brief.txt")), new FakeContext())
                .succeeded());
        assertEquals(
                List.of("ein rötlicher Ball", "ein rötlicher Ball"),
                generator.requests().stream()
                        .map(request -> request.shots().get(0).prompt())
                        .toList());
    }

    @Test
    void fillsPlaceholdersFromTheMetadataOfAPayloadInTheRepository() throws Exception {
        String made = execute(Map.of("prompt", "a red ball", "folder", FOLDER, "title", "Kugel"))
                .getMessage();
        executor.process(
                new FakeJob("other", Map.of("prompt", "like {title}, {dc:format}", "payload.path", made)),
                new FakeContext());
        assertEquals(
                "like Kugel, video/mp4",
                generator.requests().get(1).shots().get(0).prompt());
    }

    @Test
    void saysThatThePayloadIsNotThere() {
        JobExecutionResult result = execute(Map.of("prompt", "{title}", "payload.path", FOLDER + "/nothing"));
        assertTrue(result.getMessage().contains("there is no payload " + FOLDER + "/nothing"), result.getMessage());
    }

    @Test
    void refusesAnArgumentThatIsMistyped() {
        JobExecutionResult result = execute(Map.of("prompt", "a red ball", "sise", "64x64"));
        assertTrue(result.cancelled());
        assertTrue(result.getMessage().startsWith("arguments: unknown argument sise"), result.getMessage());
    }

    @Test
    void logsAFailureInALineWithoutWhatControlsATerminal() throws Exception {
        String message = "no folder \u001b[2J\u009b31m\u2028x\r\nERROR forged";
        generator.endWith(new JobState.Failed(new GenerationException(GenerationException.Reason.STORAGE, message)));
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, UTF_8));
        String told;
        try {
            told = String.valueOf(execute(Map.of("prompt", "a red ball")).getMessage());
        } finally {
            System.setErr(before);
        }
        String text = logged.toString(UTF_8);
        assertEquals("storage: no folder  [2J 31m x", told);
        assertTrue(text.contains(told), text);
        assertEquals(
                1, text.strip().lines().filter(line -> line.contains("folder")).count(), text);
        assertFalse(text.contains("forged"), text);
        assertTrue(text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'), text);
    }

    @ParameterizedTest
    @EnumSource(GenerationException.Reason.class)
    void triesAgainOnlyWhatCanSucceedLater(GenerationException.Reason reason) {
        generator.endWith(new JobState.Failed(new GenerationException(reason, "so it is")));
        boolean again = execute(Map.of("prompt", "a red ball")).failed();
        assertEquals(
                switch (reason) {
                    case NO_MODEL, PROMPT, DEVICE, MEMORY, PROVENANCE, STORAGE, BUSY -> true;
                    case UNSUPPORTED, NOT_FINITE, ENCODING, INTERNAL -> false;
                },
                again);
    }

    @Test
    void waitsLongerWithEachAttempt() {
        executor.generator(null);
        Map<String, Object> properties = Map.of("prompt", "a red ball");
        List<Long> delays = List.of(0, 1, 3, 50).stream()
                .map(retries -> executor.process(
                                new FakeJob(
                                        "id",
                                        JobArguments.TOPIC,
                                        properties,
                                        retries,
                                        org.apache.sling.event.jobs.Job.JobState.ACTIVE),
                                new FakeContext())
                        .getRetryDelayInMs())
                .toList();
        assertEquals(List.of(30_000L, 60_000L, 240_000L, 3_840_000L), delays);
    }

    @Test
    void givesEachJobAClipOfItsOwnAndTheSameJobTheSame() {
        assertNotEquals(JobArguments.assetId("2026/1/11/a_1"), JobArguments.assetId("2026/11/1/a_1"));
        String first = execute(Map.of("prompt", "a red ball")).getMessage();
        assertEquals(first, execute(Map.of("prompt", "a red ball")).getMessage());
        assertEquals(1, generator.requests().size());
    }

    @Test
    void tellsProgressInPerCentWithAnEstimate() {
        FakeContext context = new FakeContext();
        long[] seconds = {0};
        JobProgress progress = new JobProgress(context, () -> seconds[0] * 1_000_000_000L);
        progress.progress(new GenerationProgress(Stage.LOADING, 1, 1));
        for (int step = 0; step <= 1000; step++) {
            seconds[0] = step;
            progress.progress(new GenerationProgress(Stage.SAMPLING, step, 1000));
        }
        assertEquals(75, context.percent);
        assertTrue(context.saves <= 100, context.saves + " saves");
        // 75 per cent took 1000 seconds
        assertEquals(333, context.estimates.get(context.estimates.size() - 1));
        progress.progress(new GenerationProgress(Stage.STORING, 1, 1));
        assertEquals(100, context.percent);
        assertEquals(List.of("loading", "sampling", "storing"), context.log);
    }
}
