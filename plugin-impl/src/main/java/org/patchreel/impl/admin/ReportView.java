package org.patchreel.impl.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Origin;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.api.ProvenanceReport.TimeRange;

/**
 * What was found of a file, in words and in JSON. Files may say of themselves what they like: control characters in what
 * they say never reach a terminal.
 *
 * @param file as it was named
 * @param report what was found
 */
record ReportView(String file, ProvenanceReport report) {

    /** Width of the labels' column. */
    private static final int LABELS = 13;

    /** Whether it is proved where the file comes from. */
    boolean isProved() {
        return report.origin() != Origin.NOT_PROVED;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", file);
        json.put("verdict", report.verdict().label());
        json.put("origin", report.origin().label());
        json.put("sentence", report.sentence());
        json.put("manifest", manifest());
        Map<String, Object> watermark = new LinkedHashMap<>();
        watermark.put("state", report.watermark().state());
        watermark.put(
                "marks",
                report.watermark().marks().stream().map(ReportView::mark).toList());
        json.put("watermark", watermark);
        List<Map<String, Object>> clips =
                report.recovered().stream().map(ReportView::recovered).toList();
        @Nullable Object first = clips.isEmpty() ? null : clips.get(0);
        json.put("recovered", first);
        json.put("furtherClips", clips.subList(Math.min(1, clips.size()), clips.size()));
        return json;
    }

    private Map<String, Object> manifest() {
        Manifest manifest = report.manifest();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("state", manifest.state().label());
        json.put("codes", manifest.codes().stream().map(Status::code).toList());
        json.put(
                "failures",
                manifest.codes().stream()
                        .filter(status -> status.outcome() == Outcome.FAILURE)
                        .map(Status::code)
                        .toList());
        json.put("findings", manifest.codes().stream().map(ReportView::finding).toList());
        json.put("label", manifest.label());
        json.put("signer", manifest.signer());
        json.put("signedAt", manifest.signedAt().map(Instant::toString).orElse(null));
        json.put("statements", manifest.statements());
        json.put(
                "softBindings",
                manifest.softBindings().stream()
                        .map(binding -> Map.of("algorithm", binding.algorithm(), "value", binding.value()))
                        .toList());
        return json;
    }

    private static Map<String, Object> finding(Status status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("code", status.code());
        json.put("outcome", status.outcome().name().toLowerCase(Locale.ROOT));
        json.put("url", status.url());
        json.put("explanation", status.explanation());
        return json;
    }

    private static Map<String, Object> mark(Mark mark) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", mark.id());
        json.put("start", seconds(mark.range().start()));
        json.put("end", seconds(mark.range().end()));
        return json;
    }

    private static Map<String, Object> recovered(Recovered clip) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("assetId", clip.assetId());
        json.put("manifestLabel", clip.manifestLabel());
        json.put("watermarkId", clip.watermarkId());
        json.put("manifestCarried", clip.manifestCarried());
        json.put("markFound", clip.markFound());
        json.put("ranges", clip.ranges().stream().map(ReportView::range).toList());
        json.put("similarity", Math.round(1000 * clip.similarity()) / 1000.0);
        json.put("statements", clip.statements());
        return json;
    }

    private static Map<String, Object> range(MatchedRange range) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("start", seconds(range.file().start()));
        json.put("end", seconds(range.file().end()));
        json.put("clipStart", seconds(range.clip().start()));
        json.put("clipEnd", seconds(range.clip().end()));
        return json;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    void print(Console console) {
        console.out().println(PrintableLine.of(file));
        LabeledLines lines = new LabeledLines(console, LABELS);
        Manifest manifest = report.manifest();
        lines.print("  verdict", report.verdict().label());
        lines.print("", report.sentence());
        lines.print("  origin", report.origin().label().replace('-', ' '));
        lines.print(
                "  manifest",
                manifest.state().label()
                        + (manifest.signer().isEmpty() ? "" : ", signed by " + manifest.signer())
                        + manifest.signedAt().map(time -> " at " + time).orElse(""));
        for (Status status : manifest.codes()) {
            if (status.outcome() != Outcome.SUCCESS) {
                lines.print("", status.code() + ": " + status.explanation());
            }
        }
        manifest.statements().forEach(statement -> lines.print("  it says", statement));
        lines.print(
                "  watermark",
                report.watermark().state()
                        + report.watermark().marks().stream()
                                .map(mark -> ", " + mark.id()
                                        + (mark.range().isInstant() ? "" : " in seconds " + words(mark.range())))
                                .collect(Collectors.joining()));
        report.recovered().forEach(clip -> print(clip, lines));
    }

    private void print(Recovered clip, LabeledLines lines) {
        lines.print(
                "  asset",
                clip.assetId()
                        + (clip.manifestCarried() ? ", whose manifest it is" : "")
                        + (clip.markFound() ? "" : ", without its watermark")
                        + (clip.ranges().isEmpty() ? ", pictures do not match" : ""));
        for (MatchedRange range : clip.ranges()) {
            lines.print(
                    "",
                    (range.file().isInstant() ? "its picture is" : "seconds " + words(range.file()) + " are")
                            + (range.clip().isInstant()
                                    ? " at " + words(range.clip()) + " s"
                                    : " " + words(range.clip()))
                            + " of the clip");
        }
        ManifestState carried = report.manifest().state();
        if ((carried == ManifestState.NONE || carried == ManifestState.UNREAD)
                && clip.markFound()
                && !clip.ranges().isEmpty()) {
            clip.statements().forEach(statement -> lines.print("  it says", statement));
        }
    }

    /** {@return the cells of {@link #HEADING}} */
    String[] row() {
        List<String> assets = new ArrayList<>();
        report.recovered().forEach(clip -> assets.add(clip.assetId()));
        return new String[] {
            report.verdict().label(),
            report.origin().label(),
            report.manifest().state().label(),
            report.watermark().state(),
            assets.isEmpty() ? "-" : String.join(" ", assets),
            file
        };
    }

    /** Columns of a table of files. */
    static final String[] HEADING = {"VERDICT", "ORIGIN", "MANIFEST", "WATERMARK", "ASSET", "FILE"};

    private static String words(TimeRange range) {
        String start = String.format(Locale.ROOT, "%.2f", seconds(range.start()));
        return range.isInstant() ? start : start + String.format(Locale.ROOT, " to %.2f", seconds(range.end()));
    }
}
