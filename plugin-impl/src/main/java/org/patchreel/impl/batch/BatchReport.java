package org.patchreel.impl.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.patchreel.api.GenerationRequest;
import org.patchreel.impl.batch.BatchResult.Done;
import org.patchreel.impl.batch.BatchResult.Failed;

/** The report of a batch: {@code report.json} for programs, {@code index.html} with posters for people. */
final class BatchReport {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%1$s</title>
            <style>
            body { font: 16px/1.4 system-ui, sans-serif; margin: 2em; color: #222; background: #fff }
            main { display: grid; grid-template-columns: repeat(auto-fill, minmax(16em, 1fr)); gap: 1.5em }
            figure { margin: 0 }
            video, .none { width: 100%%; height: 16em; object-fit: contain; background: #eee }
            .none { display: grid; place-items: center }
            figcaption small { color: #555 }
            .failed strong, .unproved strong { color: #b00020 }
            </style>
            <h1>%1$s</h1>
            <p>%2$s</p>
            <main>
            %3$s</main>
            </html>
            """;

    private final Path folder;

    BatchReport(Path folder) {
        this.folder = folder;
    }

    /** Replaces both files. */
    void write(List<BatchResult> results) throws IOException {
        replace("report.json", JSON.writeValueAsString(json(results)) + "\n");
        replace("index.html", html(results));
    }

    private static Map<String, Object> json(List<BatchResult> results) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("clips", results.size());
        json.put("done", count(results, "done"));
        json.put("failed", count(results, "failed"));
        json.put("waiting", count(results, "waiting"));
        json.put("results", results.stream().map(BatchReport::json).toList());
        return json;
    }

    private static Map<String, Object> json(BatchResult result) {
        GenerationRequest request = result.item().request();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", result.item().name());
        json.put("id", result.item().id());
        json.put("state", result.outcome().label());
        json.put("prompt", prompt(result));
        request.sampling().seed().ifPresent(seed -> json.put("seed", seed));
        request.size().ifPresent(size -> json.put("size", size.toString()));
        if (result.outcome() instanceof Done done) {
            json.put("file", String.valueOf(done.file().getFileName()));
            json.put("location", done.asset().location().toString());
            json.put("verdict", done.report().verdict().label());
            json.put("origin", done.report().origin().label());
        } else if (result.outcome() instanceof Failed failed) {
            json.put("reason", failed.reason());
            json.put("message", failed.message());
        }
        return json;
    }

    private String html(List<BatchResult> results) {
        StringBuilder figures = new StringBuilder();
        results.forEach(result -> figures.append(figure(result)));
        String title = escaped(String.valueOf(folder.getFileName()));
        String summary = count(results, "done") + " of " + results.size() + " clips are done, "
                + count(results, "failed") + " failed, " + count(results, "waiting") + " wait.";
        return PAGE.formatted(title, summary, figures);
    }

    private static String figure(BatchResult result) {
        String picture;
        String state;
        String kind;
        if (result.outcome() instanceof Done done) {
            String poster =
                    done.poster().map(file -> " poster=\"" + link(file) + "\"").orElse("");
            picture = "<video controls preload=\"none\" src=\"" + link(done.file()) + "\"" + poster + "></video>";
            state = done.report().verdict().label() + (done.proved() ? "" : ", origin not proved");
            kind = done.proved() ? "proved" : "unproved";
        } else {
            picture = "<div class=\"none\">" + result.outcome().label() + "</div>";
            state = result.outcome() instanceof Failed failed ? escaped(failed.message()) : "";
            kind = result.outcome().label();
        }
        return "<figure class=\"" + kind + "\">" + picture + "<figcaption>"
                + escaped(result.item().name()) + " <strong>" + state + "</strong><br><small>"
                + escaped(prompt(result)) + "</small></figcaption></figure>\n";
    }

    private static String prompt(BatchResult result) {
        return result.item().request().shots().get(0).prompt();
    }

    private static long count(List<BatchResult> results, String label) {
        return results.stream()
                .filter(result -> result.outcome().label().equals(label))
                .count();
    }

    private static String link(Path file) {
        return URLEncoder.encode(String.valueOf(file.getFileName()), UTF_8).replace("+", "%20");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void replace(String name, String content) throws IOException {
        // a new file: one that is there could be a link to a file of somebody's
        Path part = folder.resolve("." + UUID.randomUUID() + ".part");
        try {
            Files.writeString(part, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
