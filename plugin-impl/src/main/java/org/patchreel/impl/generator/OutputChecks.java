package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.patchreel.api.FrameRate;
import org.patchreel.api.GenerationException;
import org.patchreel.api.Media;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.OutputCheck;
import org.patchreel.spi.OutputCheck.Subject;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Allowed;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.Submission;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of frames of the installation, which come and go with their services; those with the highest ranking are asked first. Each
 * decodes the file again, in a process of its own. Safe for use from any thread.
 */
@Component(service = OutputChecks.class, configurationPid = PromptPolicies.PID)
public final class OutputChecks {

    private static final Logger log = LoggerFactory.getLogger(OutputChecks.class);

    private static final Refused BROKEN = new Refused(
            "check-failure", "a check of this installation failed, and frames that cannot be judged are not stored");

    /** How long a check may take, besides a second for each frame: it may have to load a network. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Reads frames of a file. */
    @FunctionalInterface
    interface Reading {
        FrameSource open(Footage footage, double framesPerSecond) throws IOException;
    }

    private final RankedServices<OutputCheck> checks = new RankedServices<>();
    private final SourceFiles sources;
    private final Reading reading;
    private final Duration limit;

    /**
     * Creates a list without checks.
     *
     * @param sources finds pictures and clips that orders name
     */
    @Activate
    public OutputChecks(@Reference SourceFiles sources) {
        this(sources, SampledFrames::open, LIMIT);
    }

    OutputChecks(SourceFiles sources, Reading reading, Duration limit) {
        this.sources = sources;
        this.reading = reading;
        this.limit = limit;
    }

    /** The framework counts the checks. */
    @Modified
    void modified() {}

    @Reference(name = "check", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addCheck(OutputCheck check, Map<String, ?> properties) {
        checks.add(check, properties);
    }

    void removeCheck(OutputCheck check) {
        checks.remove(check);
    }

    /** {@return whether anything is checked} */
    boolean any() {
        return !checks.all().isEmpty();
    }

    /**
     * Asks all checks about a made clip.
     *
     * @return the first refusal; the first decision that holds the clip if there is none, or that it is allowed
     */
    PolicyDecision judge(Footage made, Submission submission) {
        return judge(made, Subject.MADE, submission);
    }

    /**
     * Asks all checks about the pictures and clips of an order, each file once.
     *
     * @return as {@link #judge}, of all of them
     * @throws GenerationException if a source cannot be found any more
     */
    PolicyDecision judgeSources(WorkOrder order, Submission submission) throws GenerationException {
        PolicyDecision milder = new Allowed();
        if (!any()) {
            return milder;
        }
        Set<String> seen = new LinkedHashSet<>();
        for (WorkSource source : order.sources()) {
            Media.Upload media = source.file();
            if (seen.add(media.sha256())) {
                SourceFile file = sources.find(media);
                Footage footage = new Footage(
                        file.file(),
                        file.info().size(),
                        file.info().picture() ? 0 : file.info().seconds());
                milder = stricter(milder, judge(footage, Subject.SOURCE, submission));
            }
        }
        return milder;
    }

    private PolicyDecision judge(Footage footage, Subject subject, Submission submission) {
        PolicyDecision milder = new Allowed();
        for (OutputCheck check : checks.all()) {
            milder = stricter(milder, decide(check, footage, subject, submission));
            if (milder instanceof Refused) {
                break;
            }
        }
        return milder;
    }

    private PolicyDecision decide(OutputCheck check, Footage footage, Subject subject, Submission submission) {
        double rate;
        try {
            rate = check.framesPerSecond();
        } catch (RuntimeException e) {
            log.warn("The check {} failed", check.getClass().getName(), e);
            return BROKEN;
        }
        if (!(rate > 0 && rate <= FrameRate.MAX)) {
            log.warn(
                    "The check {} wants {} frames of a second", check.getClass().getName(), rate);
            return BROKEN;
        }
        return Verdict.of(
                check.getClass().getName(),
                () -> {
                    try (FrameSource frames = reading.open(footage, rate)) {
                        return check.check(frames, subject, submission);
                    }
                },
                footage.limit(limit, rate),
                BROKEN);
    }

    /** {@return the decision that counts of two; the first one if both are of one kind} */
    static PolicyDecision stricter(PolicyDecision first, PolicyDecision second) {
        return severity(second) > severity(first) ? second : first;
    }

    private static int severity(PolicyDecision decision) {
        return decision.<Integer, RuntimeException>fold(allowed -> 0, refused -> 2, held -> 1);
    }
}
