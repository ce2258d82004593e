package org.patchreel.impl.verify;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.MatchedRange;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceReport.Status;
import org.patchreel.api.ProvenanceReport.Status.Outcome;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Match;

/**
 * A clip that a file may show, and what speaks for it.
 *
 * @param clip what is remembered of it
 * @param markRead whether its mark was read in the file, within the seconds that show the clip if any do
 * @param match where the file shows its pictures
 * @param manifest its stored manifest, validated
 */
record Candidate(StoredManifest clip, boolean markRead, Optional<Match> match, Manifest manifest) {

    /**
     * What may befall a manifest that was valid when it was stored: the certificate's time is over. When it was made is
     * known from the store.
     */
    private static final Set<String> AGEING = Set.of("signingCredential.expired", "claimSignature.outsideValidity");

    /** Those that are proved first, then those that more of the file shows. */
    static final Comparator<Candidate> BEST_FIRST = Comparator.comparing(Candidate::isProved)
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
        boolean sound = manifest.codes().stream()
                .filter(status -> status.outcome() == Outcome.FAILURE)
                .map(Status::code)
                .allMatch(AGEING::contains);
        boolean named = manifest.softBindings().stream()
                .anyMatch(binding -> binding.value().equalsIgnoreCase(clip.watermarkHex()));
        return sound && named && !manifest.label().isEmpty();
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
                markRead,
                ranges(),
                match.map(Match::similarity).orElse(0.0),
                manifest.statements());
    }
}
