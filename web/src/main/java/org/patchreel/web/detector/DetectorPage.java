package org.patchreel.web.detector;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Route;
import org.patchreel.web.http.StaticFiles;

/** The files of the detector's page, and the answer that it asks for. */
final class DetectorPage {

    private static final String SHARED = "/org/patchreel/web/page/";

    private static final List<String> FILES = List.of(
            "index.html",
            "detector.js",
            "en.json",
            "de.json",
            SHARED + "page.css",
            SHARED + "icon.svg",
            SHARED + "dom.js",
            SHARED + "texts.js",
            SHARED + "sentence.js",
            SHARED + "phrases-en.json",
            SHARED + "phrases-de.json");

    /** What the answer has of a report. */
    private static final Set<String> TOLD = Set.of("verdict", "sentence", "clauses");

    private final StaticFiles files = new StaticFiles(DetectorPage.class, FILES, "detector");
    private final ContentExamination examination;

    /**
     * Creates the page.
     *
     * @param examination examines files
     */
    DetectorPage(ContentExamination examination) {
        this.examination = examination;
    }

    List<Route> routes() {
        return List.of(
                new Route("/verify", List.of("POST"), Detector.COST_OF_A_FILE, this::verify),
                new Route("", List.of("GET", "HEAD"), 1, files::answer),
                new Route("/", List.of("GET", "HEAD"), 1, files::answer));
    }

    /** What leads to people, such as prompts and names of users, is left out; the sentence names the signer of a manifest. */
    private Response verify(Request request) throws IOException, Refusal {
        ProvenanceReport report = examination.examine(request);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("fromHere", fromHere(report));
        report.values().forEach((name, value) -> {
            if (TOLD.contains(name)) {
                json.put(name, value);
            }
        });
        return Response.json(json);
    }

    /** That nothing is proved does not say that a file is from elsewhere. */
    private static String fromHere(ProvenanceReport report) {
        if (report.origin() == ProvenanceReport.Origin.THIS_INSTALLATION) {
            return "yes";
        }
        return report.verdict() == ProvenanceReport.Verdict.POSSIBLE_COPY ? "perhaps" : "not-proved";
    }
}
