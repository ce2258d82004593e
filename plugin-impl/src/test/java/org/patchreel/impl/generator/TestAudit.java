package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.verify.Takedowns;

/** An audit that nobody listens to, and takedowns of which there are none unless a test enters some. */
final class TestAudit implements Takedowns {

    final Map<String, Takedown> assets = new HashMap<>();
    final Map<String, Takedown> files = new HashMap<>();
    final Map<String, Takedown> marks = new HashMap<>();

    /** What all pictures are taken for: comparing them is tested elsewhere. */
    Optional<Takedown> anyPictures = Optional.empty();

    static Audit audit() {
        return new Audit(true);
    }

    /** Checks nothing. */
    static OutputChecks unchecked() {
        return new OutputChecks(TestSources.none(), SampledFrames::open, Duration.ofSeconds(1));
    }

    static Admission admission() {
        return admission(new PromptPolicies());
    }

    static Admission admission(PromptPolicies policies) {
        return new Admission(audit(), new TestAudit(), policies, unchecked(), name -> Optional.empty());
    }

    @Override
    public Optional<Takedown> ofAsset(String id) {
        return Optional.ofNullable(assets.get(id));
    }

    @Override
    public Optional<Takedown> ofFile(String sha256) {
        return Optional.ofNullable(files.get(sha256));
    }

    @Override
    public Optional<Takedown> ofMark(String watermark) {
        return Optional.ofNullable(marks.get(watermark));
    }

    @Override
    public Optional<Takedown> ofPictures(Fingerprint fingerprint) {
        return anyPictures;
    }
}
