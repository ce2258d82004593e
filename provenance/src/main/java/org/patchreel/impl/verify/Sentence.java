package org.patchreel.impl.verify;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.spi.PrintableText;

/**
 * The outcome of an examination in one sentence, for people who may have to answer for it: it says what was found and what
 * follows, claims nothing beyond, and never says how a file of unknown origin was made.
 */
final class Sentence {

    private static final int MAX_RANGES = 4;

    private Sentence() {}

    /**
     * Of a file whose manifest is valid and bound to it.
     *
     * @param labelled clips that are remembered under the label of that manifest
     * @param candidates the clip whose manifest it is first
     */
    static String signed(Manifest manifest, List<StoredManifest> labelled, List<Candidate> candidates) {
        boolean trusted = manifest.state() == ManifestState.TRUSTED;
        boolean ours = !candidates.isEmpty() && candidates.get(0).carried();
        String signer =
                manifest.signer().isEmpty() ? "a signer without a name" : PrintableText.quoted(manifest.signer());
        String said = "The file carries a C2PA manifest signed by " + signer
                + (trusted
                        ? ", who is on this installation's trust list,"
                        : " (a name that no trust list of this installation vouches for)")
                + " and its content has not been changed since; what the manifest says of its origin is the signer's"
                + " statement";
        if (ours) {
            StoredManifest clip = candidates.get(0).clip();
            return said + "; it is the manifest that this installation stored when it made the file"
                    + (clip.isFurther() ? " from asset " : " as asset ") + clip.assetId() + ".";
        }
        String copied = labelled.isEmpty()
                ? ""
                : "; its label is that of the manifest of asset "
                        + labelled.get(0).assetId() + ", but it is another manifest";
        String shown = candidates.isEmpty() ? "" : "; apart from the manifest, " + found(candidates.get(0));
        return said + copied + shown
                + (trusted ? "" : "; anybody can sign in any name, so that the origin is not proved") + ".";
    }

    static String invalid(Manifest manifest, List<Candidate> candidates) {
        String codes = manifest.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                // that alone makes no manifest invalid
                .filter(code -> !code.equals("signingCredential.untrusted"))
                .distinct()
                .limit(MAX_RANGES)
                .collect(Collectors.joining(", "));
        String shown = candidates.isEmpty() ? "" : "; apart from the manifest, " + found(candidates.get(0));
        return "The file carries a C2PA manifest that is not valid" + (codes.isEmpty() ? "" : " (" + codes + ")")
                + ", so that nothing the manifest says is proved of this file" + shown + ".";
    }

    /** What is known of a manifest that is not there, or was not read. */
    private static String withoutManifest(Manifest manifest) {
        return manifest.state() == ManifestState.UNREAD
                ? capitalised(manifest.codes().get(0).explanation())
                : "The file carries no C2PA manifest";
    }

    static String recovered(Manifest manifest, List<Candidate> candidates) {
        Candidate best = candidates.get(0);
        String others = candidates.stream()
                .skip(1)
                .filter(Candidate::isProved)
                .map(each -> ", and " + seconds(each.ranges()) + " asset "
                        + each.clip().assetId())
                .collect(Collectors.joining());
        return (manifest.state() == ManifestState.UNREAD ? withoutManifest(manifest) : "The file carries no manifest")
                + ", but the watermark and the pictures both lead to a "
                + kind(best) + " that this installation made: "
                + seconds(best.ranges()) + " asset " + best.clip().assetId() + " of "
                + best.clip().created() + others + ", whose stored "
                + (others.isEmpty() ? "manifest carries a" : "manifests carry") + " valid signature"
                + (others.isEmpty() ? "" : "s") + "; of other parts of the file, or changes to it, nothing is proved.";
    }

    static String possibleCopy(Manifest manifest, List<Candidate> candidates, List<String> unknownMarks) {
        String mark = unknownMarks.isEmpty() ? "" : unknownMark(unknownMarks);
        String first = candidates.isEmpty() ? "" : found(candidates.get(0));
        String both = first.isEmpty() || mark.isEmpty() ? first + mark : first + "; also " + mark;
        return capitalised(both) + ": a possible copy, whose origin is not proved."
                + (manifest.state() == ManifestState.UNREAD ? " " + withoutManifest(manifest) + "." : "");
    }

    static String unknown(Manifest manifest, String unreadable) {
        boolean unread = manifest.state() == ManifestState.UNREAD;
        String looked = unreadable.isEmpty()
                ? ", no watermark of this installation was found in " + (unread ? "the file" : "it")
                        + ", and its pictures are of no clip that is remembered here"
                : (unread ? ", and the file" : " and") + " cannot be read as a video or a picture (" + unreadable + ")";
        return withoutManifest(manifest) + looked
                + "; its origin is unknown, and nothing follows from that about how it was made.";
    }

    private static String found(Candidate candidate) {
        String asset = "asset " + candidate.clip().assetId();
        if (candidate.match().isEmpty()) {
            return "the watermark of " + asset
                    + " was found, but the pictures are not those of that " + kind(candidate) + ", and a watermark"
                    + " can be carried over to other pictures";
        }
        String shown = seconds(candidate.ranges()) + " " + asset + " of this installation";
        if (!candidate.markRead()) {
            return shown + ", but its watermark was not found there";
        }
        return candidate.manifestHolds()
                ? shown + " and its watermark was found there"
                : shown + " and its watermark was found there, but the stored manifest of that " + kind(candidate)
                        + " does not hold";
    }

    private static String kind(Candidate candidate) {
        return candidate.clip().fingerprint().isOfOnePicture() ? "still" : "clip";
    }

    private static String unknownMark(List<String> ids) {
        return "a watermark made with a key of this installation was found (" + String.join(", ", ids)
                + "), but no clip with it is remembered here";
    }

    /** {@return for example {@code seconds 0.0 to 5.0 show}} */
    private static String seconds(List<MatchedRange> ranges) {
        if (ranges.stream().allMatch(range -> range.file().isInstant())) {
            return "its picture shows"; // a file of one picture
        }
        String all = ranges.stream()
                .limit(MAX_RANGES)
                .map(range -> seconds(range.file().start()) + " to "
                        + seconds(range.file().end()))
                .collect(Collectors.joining(", "));
        return "seconds " + all + (ranges.size() > MAX_RANGES ? " and others" : "") + " show";
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1000.0);
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
