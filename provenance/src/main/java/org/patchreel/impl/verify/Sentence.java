package org.patchreel.impl.verify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport.Clause;
import org.patchreel.api.ProvenanceReport.Conclusion;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.spi.PrintableText;

/**
 * The outcome of an examination in one sentence, for people who may have to answer for it: it says what was found and what
 * follows, claims nothing beyond, and never says how a file of unknown origin was made. Made of {@link Phrase}s, for each of which
 * other languages have their own words.
 */
final class Sentence {

    private static final int MAX_RANGES = 4;

    private final StringBuilder text = new StringBuilder();
    private final List<Clause> clauses = new ArrayList<>();

    private Sentence() {}

    /**
     * Of a file whose manifest is valid and bound to it.
     *
     * @param labelled clips that are remembered under the label of that manifest
     * @param candidates the clip whose manifest it is first
     */
    static Conclusion signed(Manifest manifest, List<StoredManifest> labelled, List<Candidate> candidates) {
        Sentence sentence = new Sentence();
        boolean trusted = manifest.state() == ManifestState.TRUSTED;
        boolean ours = !candidates.isEmpty() && candidates.get(0).carried();
        if (manifest.signer().isEmpty()) {
            sentence.say(trusted ? Phrase.SIGNED_TRUSTED_UNNAMED : Phrase.SIGNED_UNNAMED);
        } else {
            sentence.say(
                    trusted ? Phrase.SIGNED_TRUSTED : Phrase.SIGNED, "signer", PrintableText.quoted(manifest.signer()));
        }
        if (ours) {
            StoredManifest clip = candidates.get(0).clip();
            return sentence.say(clip.isFurther() ? Phrase.STORED_FROM : Phrase.STORED_AS, "asset", clip.assetId())
                    .conclusion();
        }
        if (!labelled.isEmpty()) {
            sentence.say(Phrase.LABEL_COPIED, "asset", labelled.get(0).assetId());
        }
        sentence.apart(candidates);
        return (trusted ? sentence : sentence.say(Phrase.ANYBODY_SIGNS)).conclusion();
    }

    static Conclusion invalid(Manifest manifest, List<Candidate> candidates) {
        String codes = manifest.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                // that alone makes no manifest invalid
                .filter(code -> !code.equals("signingCredential.untrusted"))
                .distinct()
                .limit(MAX_RANGES)
                .collect(Collectors.joining(", "));
        Sentence sentence = new Sentence();
        if (codes.isEmpty()) {
            sentence.say(Phrase.INVALID);
        } else {
            sentence.say(Phrase.INVALID_CODES, "codes", codes);
        }
        return sentence.apart(candidates).conclusion();
    }

    static Conclusion recovered(Manifest manifest, List<Candidate> candidates) {
        Candidate best = candidates.get(0);
        Sentence sentence = new Sentence();
        if (manifest.state() == ManifestState.UNREAD) {
            sentence.withoutManifest(manifest);
        } else {
            sentence.say(Phrase.NO_MANIFEST);
        }
        sentence.say(isStill(best) ? Phrase.LEADS_TO_STILL : Phrase.LEADS_TO_CLIP)
                .shows(best)
                .say(Phrase.CREATED, "created", best.clip().created().toString());
        List<Candidate> others =
                candidates.stream().skip(1).filter(Candidate::isProved).toList();
        others.forEach(each -> sentence.say(Phrase.AND_ALSO_SHOWS).shows(each));
        return sentence.say(others.isEmpty() ? Phrase.SIGNATURE_HOLDS : Phrase.SIGNATURES_HOLD)
                .conclusion();
    }

    static Conclusion possibleCopy(Manifest manifest, List<Candidate> candidates, List<String> unknownMarks) {
        Sentence sentence = new Sentence();
        if (!candidates.isEmpty()) {
            sentence.found(candidates.get(0));
        }
        if (!unknownMarks.isEmpty()) {
            if (!candidates.isEmpty()) {
                sentence.say(Phrase.ALSO);
            }
            sentence.say(Phrase.UNKNOWN_MARK, "marks", String.join(", ", unknownMarks));
        }
        sentence.say(Phrase.POSSIBLE_COPY);
        if (manifest.state() == ManifestState.UNREAD) {
            sentence.say(Phrase.NEXT).withoutManifest(manifest);
        }
        return sentence.conclusion();
    }

    static Conclusion unknown(Manifest manifest, String unreadable) {
        boolean unread = manifest.state() == ManifestState.UNREAD;
        Sentence sentence = new Sentence().withoutManifest(manifest);
        if (unreadable.isEmpty()) {
            sentence.say(unread ? Phrase.NOTHING_FOUND_IN_FILE : Phrase.NOTHING_FOUND);
        } else {
            sentence.say(unread ? Phrase.FILE_UNREADABLE : Phrase.UNREADABLE, "reason", unreadable);
        }
        return sentence.say(Phrase.ORIGIN_UNKNOWN).conclusion();
    }

    /** What is known of a manifest that is not there, or was not read. */
    private Sentence withoutManifest(Manifest manifest) {
        return manifest.state() == ManifestState.UNREAD
                ? say(
                        Phrase.UNREAD,
                        "reason",
                        capitalised(manifest.codes().get(0).explanation()))
                : say(Phrase.NO_C2PA_MANIFEST);
    }

    private Sentence apart(List<Candidate> candidates) {
        return candidates.isEmpty() ? this : say(Phrase.APART).found(candidates.get(0));
    }

    private Sentence found(Candidate candidate) {
        if (candidate.match().isEmpty()) {
            return say(
                    isStill(candidate) ? Phrase.MARK_ALONE_STILL : Phrase.MARK_ALONE_CLIP,
                    "asset",
                    candidate.clip().assetId());
        }
        shows(candidate);
        if (!candidate.markRead()) {
            return say(Phrase.WITHOUT_MARK);
        }
        say(Phrase.WITH_MARK);
        return candidate.manifestHolds()
                ? this
                : say(isStill(candidate) ? Phrase.STILL_MANIFEST_FAILS : Phrase.CLIP_MANIFEST_FAILS);
    }

    private static boolean isStill(Candidate candidate) {
        return candidate.clip().fingerprint().isOfOnePicture();
    }

    private Sentence shows(Candidate candidate) {
        String asset = candidate.clip().assetId();
        List<MatchedRange> ranges = candidate.ranges();
        if (ranges.stream().allMatch(range -> range.file().isInstant())) {
            return say(Phrase.SHOWS_PICTURE, "asset", asset); // a file of one picture
        }
        String seconds = ranges.stream()
                .limit(MAX_RANGES)
                .map(range -> seconds(range.file().start()) + " to "
                        + seconds(range.file().end()))
                .collect(Collectors.joining(", "));
        return say(
                ranges.size() > MAX_RANGES ? Phrase.SHOWS_SECONDS_AND_OTHERS : Phrase.SHOWS_SECONDS,
                Map.of("seconds", seconds, "asset", asset));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }

    private Sentence say(Phrase phrase) {
        return say(phrase, Map.of());
    }

    private Sentence say(Phrase phrase, String name, String value) {
        return say(phrase, Map.of(name, value));
    }

    private Sentence say(Phrase phrase, Map<String, String> values) {
        text.append(phrase.with(values));
        clauses.add(new Clause(phrase.label(), values));
        return this;
    }

    private Conclusion conclusion() {
        return new Conclusion(capitalised(text.toString()) + ".", clauses);
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
