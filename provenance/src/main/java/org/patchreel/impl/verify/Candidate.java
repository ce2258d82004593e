package org.patchreel.impl.verify;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Match;

/**
 * A clip that a file may be or show, and what speaks for it.
 *
 * @param clip what is remembered of it
 * @param carried whether the file carries its stored manifest, byte for byte
 * @param markRead whether its mark was read in the file, within the seconds that show the clip if any do
 * @param match where the file shows its pictures
 * @param manifest its stored manifest, validated
 */
record Candidate(StoredManifest clip, boolean carried, boolean markRead, Optional<Match> match, Manifest manifest) {

    /** The one whose manifest the file carries, then those that are proved, then those that more of the file shows. */
    static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::carried)
            .thenComparing(Candidate::isProved)
            .thenComparing(candidate -> candidate.match().isPresent())
            .thenComparing(Candidate::shown)
            .reversed()
            .thenComparing(candidate -> candidate.clip().assetId());

    /** Whether mark and pictures both lead to this clip, and its manifest holds and names the mark. */
    boolean isProved() {
        return markRead && match.isPresent() && manifestHolds();
    }

    /** Whether the stored manifest's signature holds, and the manifest names this clip's mark. */
    boolean manifestHolds() {
        boolean named = manifest.softBindings().stream()
                .anyMatch(binding -> binding.value().equalsIgnoreCase(clip.watermarkHex()));
        // when it was made is known from the store, so that it may have expired since
        return AgedManifest.holds(manifest) && named && !manifest.label().isEmpty();
    }

    /** How much of the file shows the clip. */
    Duration shown() {
        return match.stream()
                .flatMap(found -> found.ranges().stream())
                .map(range -> range.file().end().minus(range.file().start()))
                .reduce(Duration.ZERO, Duration::plus);
    }

    List<MatchedRange> ranges() {
        return match.map(Match::ranges).orElse(List.of());
    }

    Recovered report() {
        return new Recovered(
                clip.assetId(),
                clip.manifestLabel(),
                clip.watermarkHex(),
                carried,
                markRead,
                ranges(),
                match.map(Match::similarity).orElse(0.0),
                manifest.statements());
    }
}
