package org.patchreel.benchmarks.watermark;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The evaluation's results in Markdown. */
final class EvaluationTables {
    private final List<ClipResult> clips;
    private final Set<String> attacks = new LinkedHashSet<>();

    EvaluationTables(List<ClipResult> clips) {
        this.clips = clips;
        clips.forEach(clip -> clip.variants().forEach(variant -> attacks.add(variant.attack())));
    }

    /** {@return the whole page, below its heading} */
    String markdown() {
        return String.join(
                "\n\n",
                summary(),
                "## Targets",
                targets(),
                "## Attacks",
                attacks(),
                "## Groups of attacks",
                groups(),
                "## Clips",
                clips(),
                "## What was not recovered",
                misses(),
                "## What was not measured",
                problems());
    }

    private String summary() {
        Tally all = Tally.of(clips, attack -> true);
        long reached = judged().entrySet().stream()
                .filter(entry -> entry.getKey().reached(entry.getValue()))
                .count();
        return String.format(
                Locale.ROOT,
                "%d clips, %d attacks, %d files: the ID was recovered from %d (%.1f %%), a wrong ID was read %d times. "
                        + "%d of %d targets are reached. With the store the ID was recovered from %d (%.1f %%): there the "
                        + "pictures of a file may lead to a stored clip, whose mark is then asked for. Detection took a median of %.2f s, at most %.2f s; of %d files "
                        + "in which nothing was found a median of %.2f s.",
                clips.size(),
                attacks.size() - (attacks.contains(ClipResult.UNATTACKED) ? 1 : 0),
                all.variants(),
                all.recovered(),
                all.percent(),
                all.wrongIds(),
                reached,
                judged().size(),
                all.recoveredWithStore(),
                all.percentWithStore(),
                quantile(seconds(true), 0.5),
                Math.max(quantile(seconds(true), 1), quantile(seconds(false), 1)),
                seconds(false).size(),
                quantile(seconds(false), 0.5));
    }

    private List<Double> seconds(boolean recovered) {
        return clips.stream()
                .flatMap(clip -> clip.variants().stream())
                .filter(variant -> variant.recovered() == recovered)
                .map(ClipResult.Variant::seconds)
                .sorted()
                .toList();
    }

    private static double quantile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
    }

    /** The targets of which at least one attack was run. */
    private Map<Target, Tally> judged() {
        Map<Target, Tally> judged = new LinkedHashMap<>();
        for (Target target : Target.ALL) {
            Tally tally = Tally.of(clips, target::covers);
            if (tally.variants() > 0) {
                judged.put(target, tally);
            }
        }
        return judged;
    }

    private String targets() {
        List<List<String>> rows = new ArrayList<>();
        judged().forEach((target, tally) -> rows.add(List.of(
                target.title(),
                number(target.percent()) + " %",
                percent(tally),
                tally.recovered() + " of " + tally.variants(),
                target.reached(tally) ? "yes" : "**no**",
                withStore(tally))));
        return rows.isEmpty()
                ? "None of the attacks has a target."
                : table(List.of("attacks", "target", "recovered", "files", "reached", "with the store"), rows);
    }

    private String attacks() {
        List<List<String>> rows = new ArrayList<>();
        for (String attack : attacks) {
            Tally tally = Tally.of(clips, attack::equals);
            rows.add(List.of(
                    attack,
                    percent(tally),
                    tally.recovered() + " of " + tally.variants(),
                    Target.ALL.stream()
                            .filter(target -> target.covers(attack))
                            .map(target -> number(target.percent()) + " %")
                            .findFirst()
                            .orElse(""),
                    withStore(tally)));
        }
        return table(List.of("attack", "recovered", "files", "target", "with the store"), rows);
    }

    private String groups() {
        Set<String> groups = new LinkedHashSet<>();
        attacks.forEach(attack -> groups.add(group(attack)));
        List<List<String>> rows = new ArrayList<>();
        for (String group : groups) {
            Tally tally = Tally.of(clips, attack -> group(attack).equals(group));
            rows.add(List.of(group, percent(tally), tally.recovered() + " of " + tally.variants()));
        }
        return table(List.of("group", "recovered", "files"), rows);
    }

    /** {@return the name up to its first hyphen} */
    static String group(String attack) {
        int hyphen = attack.indexOf('-');
        return hyphen < 1 ? attack : attack.substring(0, hyphen);
    }

    private String clips() {
        List<List<String>> rows = new ArrayList<>();
        for (ClipResult clip : clips) {
            Tally tally = Tally.of(List.of(clip), attack -> true);
            ClipResult.Marking marking = clip.marking();
            rows.add(List.of(
                    clip.name(),
                    clip.width() + "x" + clip.height() + ", " + clip.frames() + " frames",
                    String.format(Locale.ROOT, "%.2f", marking.alpha()),
                    String.format(Locale.ROOT, "%.1f", marking.psnrY()),
                    String.format(Locale.ROOT, "%.1f", marking.worstPsnrY()),
                    String.format(Locale.ROOT, "%.4f", marking.ssim()),
                    percent(tally),
                    tally.recovered() + " of " + tally.variants()));
        }
        return table(
                List.of("clip", "format", "α", "PSNR-Y, dB", "worst frame, dB", "SSIM", "recovered", "files"), rows);
    }

    private String misses() {
        List<List<String>> rows = new ArrayList<>();
        for (String attack : attacks) {
            List<String> missed = clips.stream()
                    .filter(clip -> clip.variants().stream()
                            .anyMatch(variant -> variant.attack().equals(attack) && !variant.recovered()))
                    .map(ClipResult::name)
                    .toList();
            if (!missed.isEmpty()) {
                rows.add(List.of(attack, String.join(", ", missed)));
            }
        }
        return rows.isEmpty() ? "Nothing." : table(List.of("attack", "clips"), rows);
    }

    private String problems() {
        Collection<String> lines = new TreeSet<>();
        for (ClipResult clip : clips) {
            clip.problems().forEach(problem -> lines.add("- " + clip.name() + ": " + problem));
            clip.variants().stream()
                    .filter(variant -> !variant.error().isEmpty())
                    .forEach(variant -> lines.add(
                            "- " + clip.name() + ", " + variant.attack() + ", counted as lost: " + variant.error()));
        }
        return lines.isEmpty() ? "Nothing." : String.join("\n", lines);
    }

    private static String percent(Tally tally) {
        return String.format(Locale.ROOT, "%.1f %%", tally.percent());
    }

    private static String withStore(Tally tally) {
        return String.format(Locale.ROOT, "%.1f %%", tally.percentWithStore());
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((int) value) : String.valueOf(value);
    }

    private static String table(List<String> head, List<List<String>> rows) {
        StringBuilder text = new StringBuilder(row(head))
                .append(row(head.stream().map(cell -> "---").toList()));
        rows.forEach(cells -> text.append(row(cells)));
        return text.toString().stripTrailing();
    }

    private static String row(List<String> cells) {
        return "| "
                + String.join(
                        " | ", cells.stream().map(EvaluationTables::escaped).toList()) + " |\n";
    }

    private static String escaped(String cell) {
        return cell.replace("|", "\\|").replace("<", "&lt;");
    }
}
