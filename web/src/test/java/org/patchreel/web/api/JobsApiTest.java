package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.Adapter;
import org.patchreel.api.Camera;
import org.patchreel.api.ClipLength;
import org.patchreel.api.Denoising;
import org.patchreel.api.Destination;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.GuidanceMode;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Media;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Position;
import org.patchreel.api.Rights;
import org.patchreel.api.Shot;
import org.patchreel.api.Source;
import org.patchreel.api.StepCache;
import org.patchreel.api.Transition;

class JobsApiTest {

    private static final String SHA = "0123456789abcdef".repeat(4);

    private ApiServer server;
    private Client editor;
    private Client viewer;
    private Client operator;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        server = new ApiServer(folder);
        editor = Client.of(server, Role.EDITOR);
        viewer = Client.of(server, Role.VIEWER);
        operator = Client.of(server, Role.OPERATOR);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakarta", "javax"})
    void aJobIsSubmittedAndRead(String servlet) throws Exception {
        Client client = Client.of(server, servlet, Role.EDITOR);
        Client.Answer taken =
                client.post("/jobs", "{\"id\":\"ball1\",\"prompt\":\"a red ball\",\"project\":\"spring\"}");
        assertEquals(202, taken.status(), taken.text());
        assertEquals(
                ApiServer.PATH + "/jobs/ball1",
                URI.create(ApiServer.PATH + "/jobs")
                        .resolve(taken.header("Location").orElseThrow())
                        .toString());
        JsonNode job = client.get("/jobs/ball1").json();
        assertEquals(taken.json(), job);
        assertEquals("queued", job.get("state").textValue());
        assertEquals("editor", job.at("/requester/user").textValue());
        assertEquals("spring", job.at("/requester/project").textValue());
    }

    @Test
    void aRequestIsReadAsItWasMeant() {
        String json = """
                {"id": "all", "shots": [
                  {"prompt": "one", "negativePrompt": "blur", "seconds": 2.5, "camera": "pan left then tilt up",
                   "transition": "dissolve", "sources": [
                    {"use": "keyframe", "media": {"sha256": "SHA", "name": "a.png"}, "at": "last"},
                    {"use": "keyframe", "media": {"sha256": "SHA"}, "at": 1.5},
                    {"use": "keyframe", "media": {"asset": "A1"}},
                    {"use": "reference", "media": {"asset": "A2"}, "name": "anna"}]},
                  {"prompt": "two", "frames": 17, "sources": [
                    {"use": "inpaint", "media": {"asset": "A3"}, "mask": {"asset": "A4"}}]}],
                 "model": "starter", "size": "640x368", "frameRate": 29.97, "frameInterpolation": "blend",
                 "seed": 9223372036854775807, "steps": 4, "guidanceScale": 5,
                 "stepCache": "fast", "guidanceMode": "cfg-zero-star", "folder": "/clips", "title": "Ball",
                 "creator": "Anna", "copyright": "© Studio", "expires": "2999-06-30T18:00:00+02:00",
                 "fit": "contain", "loop": false, "kind": "clip",
                 "adapters": [{"name": "snow", "strength": 0.8}, {"name": "ball"}]}""".replace("SHA", SHA);
        assertEquals(202, editor.post("/jobs", json).status());
        Shot one = new Shot(
                "one",
                "blur",
                Optional.of(new ClipLength.Seconds(2.5)),
                List.of(
                        new Source.Keyframe(new Media.Upload(SHA, "a.png"), Position.LAST),
                        new Source.Keyframe(new Media.Upload(SHA, SHA), Position.at(1.5)),
                        new Source.Keyframe(new Media.Asset("A1"), Position.FIRST),
                        new Source.Reference(new Media.Asset("A2"), "anna")),
                Camera.parse("camera", "pan left then tilt up"),
                Transition.DISSOLVE);
        Shot two = new Shot(
                "two",
                "",
                Optional.of(new ClipLength.Frames(17)),
                List.of(new Source.Inpainting(new Media.Asset("A3"), Optional.of(new Media.Asset("A4")))),
                Camera.UNSPECIFIED);
        assertEquals(
                GenerationRequest.builder(List.of(one, two))
                        .model("starter")
                        .size(640, 368)
                        .frameRate(FrameRate.parse("rate", "29.97"))
                        .frameInterpolation(FrameInterpolation.BLEND)
                        .seed(Long.MAX_VALUE)
                        .steps(4)
                        .guidanceScale(5)
                        .denoising(new Denoising(Optional.of(StepCache.FAST), Optional.of(GuidanceMode.CFG_ZERO_STAR)))
                        .destination(new Destination(Optional.of("/clips"), Optional.of("Ball")))
                        .rights(new Rights(
                                Optional.of("Anna"),
                                Optional.of("© Studio"),
                                Optional.of(Instant.parse("2999-06-30T16:00:00Z"))))
                        .fit(Fit.CONTAIN)
                        .kind(OutputKind.CLIP)
                        .adapters(List.of(new Adapter("snow", 0.8), new Adapter("ball", 1)))
                        .build(),
                server.jobs.request("all"));
    }

    @Test
    void eachUseOfAClipIsRead() {
        for (String[] use : new String[][] {
            {
                "{\"use\":\"continue\",\"media\":{\"asset\":\"A\"},\"side\":\"before\"}",
                "Continuation[media=Asset[id=A], side=BEFORE]"
            },
            {"{\"use\":\"continue\",\"media\":{\"asset\":\"A\"}}", "Continuation[media=Asset[id=A], side=AFTER]"},
            {
                "{\"use\":\"restyle\",\"media\":{\"asset\":\"A\"},\"strength\":0.25}",
                "Restyle[media=Asset[id=A], strength=0.25]"
            },
            {"{\"use\":\"restyle\",\"media\":{\"asset\":\"A\"}}", "Restyle[media=Asset[id=A], strength=0.6]"},
            {
                "{\"use\":\"interpolate\",\"media\":{\"asset\":\"A\"},\"factor\":4}",
                "Interpolation[media=Asset[id=A], factor=4]"
            },
            {"{\"use\":\"control\",\"media\":{\"asset\":\"A\"}}", "Control[media=Asset[id=A]]"}
        }) {
            Client.Answer taken = editor.post("/jobs", "{\"prompt\":\"a\",\"sources\":[" + use[0] + "]}");
            assertEquals(202, taken.status(), taken.text());
            assertEquals(
                    use[1],
                    server.jobs
                            .request(taken.json().get("id").textValue())
                            .shots()
                            .get(0)
                            .sources()
                            .get(0)
                            .toString());
        }
    }

    @Test
    void theSameIdAndRequestAreTheSameJobAndAnotherRequestIsAConflict() {
        String json = "{\"id\":\"ball1\",\"prompt\":\"a red ball\"}";
        assertEquals(202, editor.post("/jobs", json).status());
        server.jobs.move("ball1", State.COMPLETED);
        Client.Answer again = editor.post("/jobs", json);
        assertEquals(202, again.status());
        assertEquals("completed", again.json().get("state").textValue());
        assertEquals("ball1", again.json().get("asset").textValue());
        assertEquals("", editor.post("/jobs", json.replace("red", "blue")).problem(409));
        assertEquals(1, server.jobs.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"promt\":\"a\"}|/prompt",
                "{\"prompt\":\"a\",\"promt\":\"a\"}|/promt",
                "{\"prompt\":7}|/prompt",
                "{\"prompt\":null}|/prompt",
                "{\"prompt\":\" \"}|/prompt",
                "{\"prompt\":\"a\",\"negativePrompt\":\"\\u0000\"}|/negativePrompt",
                "{\"prompt\":\"a\",\"id\":\"../a\"}|/id",
                "{\"prompt\":\"a\",\"project\":\" \"}|/project",
                "{\"prompt\":\"a\",\"seconds\":\"2\"}|/seconds",
                "{\"prompt\":\"a\",\"seconds\":-1}|/seconds",
                "{\"prompt\":\"a\",\"seconds\":1e999}|/seconds",
                "{\"prompt\":\"a\",\"frames\":1.5}|/frames",
                "{\"prompt\":\"a\",\"frames\":99999999999}|/frames",
                "{\"prompt\":\"a\",\"frames\":5,\"seconds\":1}|",
                "{\"prompt\":\"a\",\"seed\":9223372036854775808}|/seed",
                "{\"prompt\":\"a\",\"size\":\"640\"}|/size",
                "{\"prompt\":\"a\",\"size\":\"641x480\"}|",
                "{\"prompt\":\"a\",\"steps\":0}|/steps",
                "{\"prompt\":\"a\",\"loop\":\"yes\"}|/loop",
                "{\"prompt\":\"a\",\"adapters\":{}}|/adapters",
                "{\"prompt\":\"a\",\"adapters\":[{\"strength\":1}]}|/adapters/0/name",
                "{\"prompt\":\"a\",\"adapters\":[{\"name\":\"../a\"}]}|/adapters/0/name",
                "{\"prompt\":\"a\",\"adapters\":[{\"name\":\"a\",\"strength\":11}]}|/adapters/0/strength",
                "{\"prompt\":\"a\",\"adapters\":[{\"name\":\"a\",\"file\":\"b\"}]}|/adapters/0/file",
                "{\"prompt\":\"a\",\"adapters\":[{\"name\":\"a\"},{\"name\":\"a\"}]}|/adapters",
                "{\"prompt\":\"a\",\"creator\":\" \"}|/creator",
                "{\"prompt\":\"a\",\"copyright\":\"a\\nb\"}|/copyright",
                "{\"prompt\":\"a\",\"expires\":\"soon\"}|/expires",
                "{\"prompt\":\"a\",\"expires\":\"+12345-01-01\"}|/expires",
                "{\"prompt\":\"a\",\"kind\":\"film\"}|/kind",
                "{\"prompt\":\"a\",\"fit\":\"stretch\"}|/fit",
                "{\"prompt\":\"a\",\"frameRate\":true}|/frameRate",
                "{\"prompt\":\"a\",\"frameRate\":\"fast\"}|/frameRate",
                "{\"prompt\":\"a\",\"frameRate\":1e999999999}|/frameRate",
                "{\"prompt\":\"a\",\"seed\":1e999999999}|/seed",
                "{\"prompt\":\"a\",\"guidanceScale\":-1e999999999}|/guidanceScale",
                "{\"prompt\":\"a\",\"camera\":\"fly\"}|/camera",
                "{\"prompt\":\"a\",\"shots\":[]}|/prompt",
                "{\"shots\":[]}|",
                "{\"shots\":{}}|/shots",
                "{\"shots\":[1]}|/shots/0",
                "{\"shots\":[{\"prompt\":\"a\",\"next\":\"cut\"}]}|/shots/0/next",
                "{\"shots\":[{\"prompt\":\"a\",\"transition\":\"wipe\"}]}|/shots/0/transition",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"keyframe\"}]}|/sources/0/media",
                "{\"prompt\":\"a\",\"sources\":[{\"media\":{\"asset\":\"a\"}}]}|/sources/0/use",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"x\",\"media\":{\"asset\":\"a\"}}]}|/sources/0/use",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"keyframe\",\"media\":{\"asset\":\"../a\"}}]}|/sources/0/media/asset",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"keyframe\",\"media\":{\"sha256\":\"../a\"}}]}|/sources/0/media/sha256",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"keyframe\",\"media\":{\"asset\":\"a\",\"url\":\"x\"}}]}|/sources/0/media/url",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"keyframe\",\"media\":{\"asset\":\"a\"},\"at\":\"soon\"}]}|/sources/0/at",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"restyle\",\"media\":{\"asset\":\"a\"},\"strength\":2}]}|/sources/0/strength",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"interpolate\",\"media\":{\"asset\":\"a\"},\"factor\":9}]}|/sources/0/factor",
                "{\"prompt\":\"a\",\"a/b~c\":1}|/a~1b~0c",
                "[]|",
                "7|"
            })
    void aWrongFieldIsNamed(String json, String field) {
        assertEquals(field == null ? "" : field, editor.post("/jobs", json).problem(422));
        assertEquals(0, server.jobs.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"prompt\":\"a\"} {}",
                "{\"prompt\":\"a\",\"prompt\":\"b\"}",
                "{'prompt':'a'}",
                "<xml/>"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertEquals("", editor.post("/jobs", text).problem(400));
    }

    @Test
    void deeplyNestedJsonIsRefused() {
        editor.post("/jobs", "[".repeat(100_000)).problem(400);
    }

    @Test
    void anotherTypeIsRefused() {
        assertEquals(
                "Content-Type",
                editor.post("/jobs", "{\"prompt\":\"a\"}", "Content-Type", "text/plain")
                        .problem(415));
        assertEquals(
                202,
                editor.post("/jobs", "{\"prompt\":\"a\"}", "Content-Type", "application/json; charset=utf-8")
                        .status());
    }

    @Test
    void whatTheGeneratorRefusesIsTold() {
        server.jobs.refusal = new IllegalArgumentException("unknown model nothing, installed: starter");
        editor.post("/jobs", "{\"prompt\":\"a\"}").problem(422);
        server.jobs.refusal = new GenerationException(Reason.UNSUPPORTED, "the model needs a picture");
        editor.post("/jobs", "{\"prompt\":\"a\"}").problem(422);
        server.jobs.refusal = new GenerationException(Reason.BUSY, "the queue is full");
        Client.Answer busy = editor.post("/jobs", "{\"prompt\":\"a\"}");
        busy.problem(503);
        assertEquals("the queue is full", busy.json().get("detail").textValue());
        assertTrue(busy.header("Retry-After").isPresent());
        server.jobs.refusal = new IllegalStateException("stopped");
        editor.post("/jobs", "{\"prompt\":\"a\"}").problem(503);
        server.jobs.refusal = new GenerationException(Reason.STORAGE, "/secret/jobs.db cannot be written");
        Client.Answer failed = editor.post("/jobs", "{\"prompt\":\"a\"}");
        failed.problem(500);
        assertFalse(failed.text().contains("secret"));
    }

    @Test
    void jobsAreListedPageByPageWhileOthersAreSubmitted() {
        for (int i = 1; i <= 5; i++) {
            server.jobs.add("job" + i, "editor");
        }
        List<String> ids = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = viewer.get("/jobs?limit=2" + next).json();
            page.get("jobs").forEach(job -> ids.add(job.get("id").textValue()));
            next = page.has("next") ? "&cursor=" + page.get("next").textValue() : "";
            server.jobs.add("later" + ids.size(), "editor");
        } while (!next.isEmpty());
        assertEquals(List.of("job5", "job4", "job3", "job2", "job1"), ids);
    }

    @Test
    void listsAreFiltered() {
        server.jobs.add("a1", "anna");
        server.jobs.add("b1", "bert");
        server.jobs.add("b2", "bert");
        server.jobs.move("b1", State.FAILED, "memory", "it ran out", null);
        assertEquals(2, viewer.get("/jobs?user=bert").json().get("jobs").size());
        assertEquals(
                1, viewer.get("/jobs?state=failed,cancelled").json().get("jobs").size());
        assertEquals(
                3,
                viewer.get("/jobs?since=2026-11-30T08:00:00Z")
                        .json()
                        .get("jobs")
                        .size());
        assertEquals(
                0,
                viewer.get("/jobs?since=2026-11-30T08:00:01Z")
                        .json()
                        .get("jobs")
                        .size());
        assertEquals(0, viewer.get("/jobs?since=2026-12-30").json().get("jobs").size());
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,limit",
        "limit=201,limit",
        "limit=many,limit",
        "limit=,limit",
        "state=asleep,state",
        "since=yesterday,since",
        "since=2026-13-01,since",
        "cursor=abc,cursor",
        "cursor=-1,cursor",
        "colour=red,colour",
        "user=%zz,user"
    })
    void aWrongParameterIsNamed(String query, String name) {
        // a client would not send %zz
        if (!query.contains("%")) {
            assertEquals(name, viewer.get("/jobs?" + query).problem(400));
        }
    }

    @Test
    void eachStateSaysWhatThereIsToSay() {
        server.jobs.add("a", "anna");
        server.jobs.move("a", State.RUNNING, "", "", new GenerationProgress(Stage.SAMPLING, 3, 4));
        JsonNode running = viewer.get("/jobs/a").json();
        assertEquals("sampling", running.get("stage").textValue());
        assertEquals(3, running.get("done").intValue());
        server.jobs.move("a", State.FAILED, "memory", "it ran out", null);
        JsonNode failed = viewer.get("/jobs/a").json();
        assertEquals("memory", failed.get("reason").textValue());
        assertEquals("it ran out", failed.get("message").textValue());
        server.jobs.move("a", State.REFUSED, "no-logos", "logos are not made", null);
        assertEquals("no-logos", viewer.get("/jobs/a").json().get("rule").textValue());
        server.jobs.move("a", State.WAITING, "", "the budget is used up", null);
        assertEquals(
                "the budget is used up",
                viewer.get("/jobs/a").json().get("message").textValue());
        server.jobs.move("a", State.COMPLETED, "", "file:/secret/clip.mp4", null);
        Client.Answer completed = viewer.get("/jobs/a");
        assertEquals("a", completed.json().get("asset").textValue());
        assertFalse(completed.text().contains("secret"));
    }

    @Test
    void aJobThatHasNotChangedIsNotSentAgain() {
        server.jobs.add("a", "anna");
        String tag = viewer.get("/jobs/a").header("ETag").orElseThrow();
        Client.Answer same = viewer.get("/jobs/a", "If-None-Match", "\"other\", " + tag);
        assertEquals(304, same.status());
        assertEquals(Optional.of(tag), same.header("ETag"));
        assertEquals(304, viewer.get("/jobs/a", "If-None-Match", "W/" + tag).status());
        server.jobs.move("a", State.RUNNING);
        assertEquals(200, viewer.get("/jobs/a", "If-None-Match", tag).status());
    }

    @Test
    void aWaitingJobIsCancelledAtOnceARunningOneSoonAndAnEndedOneNot() {
        server.jobs.add("waits", "editor");
        assertEquals(204, editor.delete("/jobs/waits").status());
        assertEquals("", editor.delete("/jobs/waits").problem(409));
        server.jobs.add("runs", "editor");
        server.jobs.move("runs", State.RUNNING);
        assertEquals(202, editor.delete("/jobs/runs").status());
        assertEquals(202, editor.delete("/jobs/runs").status(), "it was asked already");
        server.jobs.move("runs", State.CANCELLED);
        editor.delete("/jobs/runs").problem(409);
    }

    @Test
    void aJobIsTriedAgain() {
        server.jobs.add("a", "editor");
        editor.send("POST", "/jobs/a/retry", null).problem(409);
        server.jobs.move("a", State.FAILED);
        Client.Answer again = editor.send("POST", "/jobs/a/retry", null);
        assertEquals(202, again.status(), again.text());
        assertEquals(
                "/x/jobs/a",
                URI.create("/x/jobs/a/retry")
                        .resolve(again.header("Location").orElseThrow())
                        .toString());
    }

    @Test
    void anOperatorReleasesAJobThatAPolicyHolds() throws Exception {
        server.jobs.add("a", "editor");
        operator.send("POST", "/jobs/a/release", null).problem(409);
        server.jobs.move("a", State.WAITING, "rule", "first look", null);
        assertEquals("rule", editor.get("/jobs/a").json().get("rule").textValue());
        editor.send("POST", "/jobs/a/release", null).problem(403);
        operator.send("POST", "/jobs/unknown/release", null).problem(404);
        Client.Answer released = operator.send("POST", "/jobs/a/release", null);
        assertEquals(200, released.status(), released.text());
        assertEquals("queued", released.json().get("state").textValue());
    }

    @Test
    void jobsOfOthersAreAnOperatorsToChange() {
        server.jobs.add("a", "anna");
        editor.delete("/jobs/a").problem(403);
        assertEquals(204, operator.delete("/jobs/a").status());
        editor.send("POST", "/jobs/a/retry", null).problem(403);
        assertEquals(202, operator.send("POST", "/jobs/a/retry", null).status());
    }

    @Test
    void anUnknownJobIsNotFound() throws Exception {
        for (String id : List.of("unknown", "..%2F..%2Fetc%2Fpasswd", "%2e%2e", "a%00b", "%3Cscript%3E")) {
            int status = viewer.statusOf("GET", "/jobs/" + id);
            assertTrue(Set.of(400, 404).contains(status), id + " " + status);
        }
        assertEquals("id", editor.delete("/jobs/unknown").problem(404));
        editor.send("POST", "/jobs/unknown/retry", null).problem(404);
        editor.get("/jobs/unknown/events").problem(404);
        editor.get("/nothing").problem(404);
        assertEquals("GET, POST", editor.delete("/jobs").header("Allow").orElseThrow());
    }

    @Test
    void theQueueIsPausedByAnOperator() {
        server.jobs.add("a", "anna");
        assertFalse(viewer.get("/queue").json().get("paused").booleanValue());
        editor.put("/queue", "{\"paused\":true}").problem(403);
        assertTrue(
                operator.put("/queue", "{\"paused\":true}").json().get("paused").booleanValue());
        assertEquals(1, viewer.get("/queue").json().at("/jobs/queued").intValue());
        assertEquals("/paused", operator.put("/queue", "{\"paused\":\"yes\"}").problem(422));
        assertEquals("/paused", operator.put("/queue", "{}").problem(422));
        assertEquals(
                "/pause",
                operator.put("/queue", "{\"paused\":true,\"pause\":1}").problem(422));
    }

    @Test
    void aRegisterThatCannotBeReadIsAFailureOfWhichClientsLearnNoMore() {
        server.jobs.broken = true;
        Client.Answer failed = viewer.get("/jobs");
        failed.problem(500);
        assertFalse(failed.text().contains("secret"));
    }

    @Test
    void anEstimateTellsWhatAJobWouldLeadToAndQueuesNothing() throws Exception {
        Client.Answer answer = editor.post("/estimates", "{\"prompt\":\"a red ball\",\"seconds\":2}");
        assertEquals(200, answer.status());
        JsonNode json = answer.json();
        assertEquals(17, json.at("/clip/frames").intValue());
        assertEquals(8, json.get("passes").intValue());
        assertEquals(2.5, json.get("estimatedSeconds").doubleValue());
        assertEquals(0.002, json.get("cost").doubleValue());
        JsonNode shots = editor.post("/estimates", "{\"shots\":[{\"prompt\":\"a\"},{\"prompt\":\"b\"}]}")
                .json()
                .get("shots");
        assertEquals(2, shots.size());
        editor.post("/estimates", "{\"prompt\":\"a\",\"model\":\"nosuch\"}").problem(422);
        editor.post("/estimates", "{\"promt\":\"a\"}").problem(422);
        viewer.post("/estimates", "{\"prompt\":\"a\"}").problem(403);
        assertEquals(0, editor.get("/jobs").json().get("jobs").size());
    }

    @Test
    void promptsOfOthersAreForOperators() throws Exception {
        server.jobs.add("a", "editor");
        server.jobs.add("b", "bert");
        String of = "/jobs/b";
        assertEquals("", editor.get(of).json().get("prompt").textValue());
        assertEquals("", viewer.get(of).json().get("prompt").textValue());
        assertFalse(operator.get(of).json().get("prompt").textValue().isEmpty());
        assertFalse(editor.get("/jobs/a").json().get("prompt").textValue().isEmpty());
        JsonNode listed = editor.get("/jobs").json().get("jobs");
        assertEquals("", listed.get(0).get("prompt").textValue());
        assertFalse(listed.get(1).get("prompt").textValue().isEmpty());
    }

    @Test
    void aPreviewIsForThoseWhoMayReadThePrompt() throws Exception {
        server.jobs.add("a", "editor");
        server.jobs.previews.put("a", new byte[] {1, 2, 3});
        Client.Answer answer = editor.get("/jobs/a/preview.jpg");
        assertEquals("image/jpeg", answer.header("Content-Type").orElse(""));
        assertEquals(3, answer.body().length);
        assertEquals(
                304,
                editor.get(
                                "/jobs/a/preview.jpg",
                                "If-None-Match",
                                answer.header("ETag").orElse(""))
                        .status());
        assertEquals(200, operator.get("/jobs/a/preview.jpg").status());
        viewer.get("/jobs/a/preview.jpg").problem(404);
        server.jobs.previews.clear();
        editor.get("/jobs/a/preview.jpg").problem(404);
        editor.get("/jobs/nosuch/preview.jpg").problem(404);
    }

    @Test
    void thePicturesOfAHeldClipAreForOperatorsAlone() throws Exception {
        server.jobs.add("a", "editor");
        server.jobs.previews.put("a", new byte[] {1, 2, 3});
        server.jobs.move("a", State.WAITING, "frames-frozen", "nothing moves in it", null);
        editor.get("/jobs/a/preview.jpg").problem(404);
        viewer.get("/jobs/a/preview.jpg").problem(404);
        assertEquals(200, operator.get("/jobs/a/preview.jpg").status());
    }
}
