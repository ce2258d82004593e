package org.patchreel.impl.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
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
        json.putAll(report.values());
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
        if (!report.aigc().isEmpty()) {
            lines.print(
                    "  AIGC",
                    report.aigc().entrySet().stream()
                            .filter(field -> !field.getValue().isEmpty())
                            .map(field -> field.getKey() + " " + field.getValue())
                            .collect(Collectors.joining(", ")));
        }
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
