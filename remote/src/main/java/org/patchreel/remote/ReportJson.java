package org.patchreel.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Clause;
import org.patchreel.api.ProvenanceReport.Conclusion;
import org.patchreel.api.ProvenanceReport.Ingredient;
import org.patchreel.api.ProvenanceReport.Ingredient.Relationship;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.SoftBinding;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.TimeRange;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;

/** What is proved of a file, as {@link ProvenanceReport#values} names it. */
final class ReportJson {

    private ReportJson() {}

    static ProvenanceReport read(JsonFields report) throws RemoteFailure {
        List<Recovered> recovered = new ArrayList<>();
        Optional<JsonFields> first = report.optionalObject("recovered");
        if (first.isPresent()) {
            recovered.add(recovered(first.get()));
        }
        for (JsonFields clip : report.objects("furtherClips")) {
            recovered.add(recovered(clip));
        }
        List<Mark> marks = new ArrayList<>();
        for (JsonFields mark : report.object("watermark").objects("marks")) {
            marks.add(new Mark(mark.text("id"), range(mark, "start", "end")));
        }
        return new ProvenanceReport(
                report.word("verdict", List.of(Verdict.values()), Verdict::label),
                new Conclusion(report.text("sentence"), clauses(report)),
                manifest(report.object("manifest")),
                new Watermark(List.copyOf(marks)),
                List.copyOf(recovered),
                aigc(report.optionalObject("aigc")));
    }

    private static List<Clause> clauses(JsonFields report) throws RemoteFailure {
        List<Clause> clauses = new ArrayList<>();
        if (report.has("clauses")) {
            for (JsonFields clause : report.objects("clauses")) {
                clauses.add(
                        new Clause(clause.text("name"), clause.object("values").allTexts()));
            }
        }
        return clauses;
    }

    private static Map<String, String> aigc(Optional<JsonFields> fields) throws RemoteFailure {
        Map<String, String> aigc = new LinkedHashMap<>();
        if (fields.isPresent()) {
            for (String name : ProvenanceReport.AIGC_FIELDS) {
                fields.get().optionalText(name).ifPresent(value -> aigc.put(name, value));
            }
        }
        return aigc;
    }

    private static Manifest manifest(JsonFields manifest) throws RemoteFailure {
        List<Status> findings = new ArrayList<>();
        for (JsonFields finding : manifest.objects("findings")) {
            findings.add(new Status(
                    finding.text("code"),
                    finding.word(
                            "outcome",
                            List.of(Status.Outcome.values()),
                            outcome -> outcome.name().toLowerCase(Locale.ROOT)),
                    finding.text("url"),
                    finding.text("explanation")));
        }
        List<SoftBinding> bindings = new ArrayList<>();
        for (JsonFields binding : manifest.objects("softBindings")) {
            bindings.add(new SoftBinding(binding.text("algorithm"), binding.text("value")));
        }
        return new Manifest(
                manifest.word("state", List.of(ManifestState.values()), ManifestState::label),
                List.copyOf(findings),
                manifest.text("label"),
                manifest.text("signer"),
                manifest.time("signedAt"),
                List.copyOf(manifest.texts("statements")),
                List.copyOf(bindings),
                ingredients(manifest));
    }

    private static List<Ingredient> ingredients(JsonFields fields) throws RemoteFailure {
        List<Ingredient> ingredients = new ArrayList<>();
        for (JsonFields each : fields.objects("ingredients")) {
            ingredients.add(new Ingredient(
                    each.word("relationship", List.of(Relationship.values()), Relationship::label),
                    each.text("title"),
                    each.text("format"),
                    each.text("label"),
                    each.text("signer"),
                    List.copyOf(each.texts("failures")),
                    ingredients(each)));
        }
        return List.copyOf(ingredients);
    }

    private static Recovered recovered(JsonFields clip) throws RemoteFailure {
        List<MatchedRange> ranges = new ArrayList<>();
        for (JsonFields each : clip.objects("ranges")) {
            ranges.add(new MatchedRange(range(each, "start", "end"), range(each, "clipStart", "clipEnd")));
        }
        return new Recovered(
                clip.text("assetId"),
                clip.text("manifestLabel"),
                clip.text("watermarkId"),
                clip.flag("manifestCarried"),
                clip.flag("markFound"),
                List.copyOf(ranges),
                clip.number("similarity"),
                List.copyOf(clip.texts("statements")));
    }

    private static TimeRange range(JsonFields fields, String start, String end) throws RemoteFailure {
        return new TimeRange(fields.seconds(start), fields.seconds(end));
    }
}
