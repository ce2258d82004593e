package org.patchreel.web.detector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Clause;
import org.patchreel.api.ProvenanceReport.Conclusion;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.web.content.ScriptedVerifier;
import org.patchreel.web.http.MadeUpRequest;
import org.patchreel.web.http.Response;

/** Everybody may ask; nothing is kept, and the answer names nobody. */
class DetectorTest {

    private static final byte[] FILE = {1, 2, 3};
    private static final TimeRange SECOND = new TimeRange(Duration.ZERO, Duration.ofSeconds(1));
    private static final Recovered KNOWN = new Recovered(
            "asset",
            "urn:c2pa:1",
            "",
            false,
            true,
            List.of(new MatchedRange(SECOND, SECOND)),
            0.9,
            List.of("a prompt with a name"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private long nanos;
    private Verdict verdict = Verdict.UNKNOWN;

    @SuppressWarnings("BadAnnotationImplementation") // nobody compares it
    private record Configured(int files_per_minute, int max_upload) implements Detector.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Detector.Config.class;
        }
    }

    private Detector detector(int filesPerMinute) {
        return new Detector(
                folder, new ScriptedVerifier(this::report), () -> nanos, new Configured(filesPerMinute, 1), Map.of());
    }

    private ProvenanceReport report(Path file) throws IOException {
        assertEquals(FILE.length, Files.size(file));
        return new ProvenanceReport(
                verdict,
                new Conclusion("What is proved.", List.of(new Clause("no-manifest", Map.of()))),
                Manifest.none(),
                new Watermark(List.of()),
                List.of(KNOWN),
                Map.of());
    }

    private static MadeUpRequest upload(byte[] body) {
        return new MadeUpRequest("POST", "/verify", body).header("Content-Type", "video/mp4");
    }

    private static JsonNode json(Response answer) throws IOException {
        return new ObjectMapper().readTree(answer.bytes());
    }

    @Test
    void saysWhetherAFileIsFromHereAndKeepsNothing() throws Exception {
        Detector detector = detector(100);
        assertEquals(
                "not-proved",
                json(detector.answer(upload(FILE))).get("fromHere").textValue());
        verdict = Verdict.POSSIBLE_COPY;
        assertEquals(
                "perhaps", json(detector.answer(upload(FILE))).get("fromHere").textValue());
        verdict = Verdict.RECOVERED;
        JsonNode answer = json(detector.answer(upload(FILE)));
        assertEquals("yes", answer.get("fromHere").textValue());
        assertEquals("recovered", answer.get("verdict").textValue());
        Set<String> told = new TreeSet<>();
        answer.fieldNames().forEachRemaining(told::add);
        assertEquals(Set.of("fromHere", "verdict", "sentence", "clauses"), told);
        assertEquals("no-manifest", answer.at("/clauses/0/name").textValue());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count(), "the file is deleted with the answer");
        }
    }

    @Test
    void refusesWhatIsTooLargeOrNoMedium() {
        Detector detector = detector(100);
        assertEquals(413, detector.answer(upload(new byte[(1 << 20) + 1])).status());
        assertEquals(
                415,
                detector.answer(new MadeUpRequest("POST", "/verify", FILE).header("Content-Type", "text/html"))
                        .status());
        assertEquals(405, detector.answer(new MadeUpRequest("POST", "/", FILE)).status());
    }

    @Test
    void limitsTheFilesOfEachAddress() {
        Detector detector = detector(2);
        assertEquals(200, detector.answer(upload(FILE).from("192.0.2.1")).status());
        assertEquals(200, detector.answer(upload(FILE).from("192.0.2.1")).status());
        Response refused = detector.answer(upload(FILE).from("192.0.2.1"));
        assertEquals(429, refused.status());
        assertTrue(refused.headers().containsKey("Retry-After"));
        assertEquals(200, detector.answer(upload(FILE).from("192.0.2.2")).status());
        nanos += 30_000_000_000L;
        assertEquals(200, detector.answer(upload(FILE).from("192.0.2.1")).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/detector.js",
                "/dom.js",
                "/texts.js",
                "/sentence.js",
                "/page.css",
                "/icon.svg",
                "/en.json",
                "/de.json",
                "/phrases-en.json",
                "/phrases-de.json"
            })
    void itsPageLoadsNothingFromElsewhere(String path) throws Exception {
        Response answer = detector(100).answer(new MadeUpRequest("GET", path, FILE));
        assertEquals(200, answer.status());
        assertTrue(
                String.valueOf(answer.headers().get("Content-Security-Policy")).startsWith("default-src 'self'"));
        assertFalse(answer.headers().containsKey("Set-Cookie"));
        String text = new String(answer.bytes(), UTF_8);
        assertFalse(text.replace("http://www.w3.org/2000/svg", "").contains("http"), text);
    }

    @Test
    void otherFilesAreNotThere() {
        Detector detector = detector(100);
        for (String path : List.of("/main.js", "/../page/main.js", "/Detector.class", "/verify.js")) {
            assertEquals(
                    404, detector.answer(new MadeUpRequest("GET", path, FILE)).status(), path);
        }
        assertEquals(302, detector.answer(new MadeUpRequest("GET", "", FILE)).status());
    }

    @Test
    void bothLanguagesHaveTheSameTexts() throws Exception {
        Detector detector = detector(100);
        Set<String> english = new TreeSet<>();
        json(detector.answer(new MadeUpRequest("GET", "/en.json", FILE)))
                .fieldNames()
                .forEachRemaining(english::add);
        Set<String> german = new TreeSet<>();
        json(detector.answer(new MadeUpRequest("GET", "/de.json", FILE)))
                .fieldNames()
                .forEachRemaining(german::add);
        assertEquals(english, german);
    }
}
