package org.patchreel.impl.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.patchreel.spi.CheckpointReport;
import org.patchreel.spi.CheckpointReport.Memory;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelDefaults;

/**
 * What a folder or file is that may be a model, in words and in JSON.
 *
 * @param report of it
 * @param time that a clip of the default format keeps the device busy, by clips that were made; empty if there are none
 */
record CheckpointView(CheckpointReport report, Optional<Duration> time) {
    private static final int INDENT = 10;
    private static final double GIGABYTE = 1e9;

    /** {@return what there is to print: labels, empty for what goes on below, and texts} */
    List<Map.Entry<String, String>> lines() {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        lines.add(Map.entry("what", report.what()));
        lines.add(Map.entry("runs", runs()));
        lines.addAll(all("missing", report.problems()));
        lines.addAll(all("notes", report.notes()));
        report.model()
                .map(ModelCapabilities::license)
                .ifPresent(license -> lines.add(Map.entry(
                        "licence",
                        license.line()
                                + (license.refusal().isEmpty()
                                        ? ""
                                        : "; its configuration needs license.acknowledged.by"))));
        List<String> needs = new ArrayList<>();
        for (Memory memory : report.memory()) {
            needs.add(String.format(
                    Locale.ROOT,
                    "%s, %s: weights %s, working memory about %s",
                    memory.device(),
                    memory.precision(),
                    size(memory.weightBytes()),
                    size(memory.workingBytes())));
        }
        lines.addAll(all("memory", needs));
        if (report.kind() == CheckpointReport.Kind.CHECKPOINT && report.runs()) {
            lines.add(Map.entry(
                    "time",
                    time.map(known -> "about " + JobView.seconds(known) + " a clip, by clips that were made with it")
                            .orElse("unknown: no clip was made with it as an installed model")));
        }
        return lines;
    }

    private String runs() {
        if (!report.runs()) {
            return "no";
        }
        Optional<ModelDefaults> defaults = report.model().map(ModelCapabilities::defaults);
        return defaults.map(model -> String.format(
                        Locale.ROOT,
                        "yes: %s, %d steps, guidance %s",
                        model.nativeFormat(),
                        model.steps(),
                        model.guidanceScale()))
                .orElse("yes");
    }

    private static List<Map.Entry<String, String>> all(String label, List<String> texts) {
        List<Map.Entry<String, String>> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(Map.entry(lines.isEmpty() ? label : "", text));
        }
        return lines;
    }

    private static String size(long bytes) {
        return bytes < GIGABYTE
                ? ModelsCommand.megabytes(bytes)
                : String.format(Locale.ROOT, "%.1f GB", bytes / GIGABYTE);
    }

    void print(Console console) {
        LabeledLines printer = new LabeledLines(console, INDENT);
        lines().forEach(line -> printer.print(line.getKey(), line.getValue()));
    }

    /** {@return for programs; {@code seconds} is missing where the time is unknown} */
    Map<String, Object> json() {
        Map<String, Object> json = report.values();
        time.ifPresent(known -> json.put("seconds", known.toMillis() / 1000.0));
        return json;
    }
}
