package org.patchreel.impl.generator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.Requester;
import org.patchreel.api.Shot;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.verify.Takedowns;
import org.patchreel.impl.verify.Takedowns.Takedown;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditAction.Stage;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PolicyDecision.Refused;
import org.patchreel.spi.Submission;

/**
 * Decides whether a job is taken, and records what was asked for and decided. What was taken down is neither made again nor used, whatever
 * policies say. Safe for use from any thread.
 */
final class Admission {

    private static final String TAKEN_DOWN = "taken-down";

    private final Audit audit;
    private final Takedowns takedowns;
    private final PromptPolicies policies;
    private final OutputChecks checks;
    private final Function<String, Optional<String>> licences;

    /**
     * Creates one.
     *
     * @param audit keeps a record
     * @param takedowns knows what is not made again
     * @param policies judge requests
     * @param checks judge the pictures and clips that requests refer to
     * @param licences of models, by their names
     */
    Admission(
            Audit audit,
            Takedowns takedowns,
            PromptPolicies policies,
            OutputChecks checks,
            Function<String, Optional<String>> licences) {
        this.audit = audit;
        this.takedowns = takedowns;
        this.policies = policies;
        this.checks = checks;
        this.licences = licences;
    }

    /** {@return the licence of the model that makes an order, if it is known} */
    Optional<String> licence(WorkOrder order) {
        return licences.apply(order.model());
    }

    /**
     * Decides.
     *
     * @param submission what is asked for
     * @param order what would be made
     * @param by who asks now: somebody may try the job of another once more
     * @return the decision, which is recorded
     * @throws GenerationException with {@link Reason#STORAGE} if it cannot be recorded, or what was taken down cannot be looked up; no
     *     job may be made of it
     */
    PolicyDecision decide(Submission submission, WorkOrder order, Requester by) throws GenerationException {
        try {
            audit.record(order.id(), by, submitted(submission, order));
            Optional<Refused> takenDown = takenDown(order);
            if (takenDown.isPresent()) {
                return decided(order, Stage.SOURCE, takenDown.get());
            }
            PolicyDecision words = decided(order, Stage.PROMPT, policies.judge(submission));
            if (words instanceof Refused || order.sources().isEmpty() || !checks.any()) {
                return words;
            }
            return OutputChecks.stricter(words, decided(order, Stage.SOURCE, checks.judgeSources(order, submission)));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "job " + order.id() + " is not taken: " + e.getMessage(), e);
        }
    }

    /** It was a policy that decided, not the requester. */
    private PolicyDecision decided(WorkOrder order, Stage stage, PolicyDecision decision) throws IOException {
        audit.decided(order.id(), Requester.UNKNOWN, stage, decision);
        return decision;
    }

    private AuditAction submitted(Submission submission, WorkOrder order) {
        List<String> prompts = Stream.of(
                        submission.request().shots().stream().map(Shot::prompt),
                        submission.expandedPrompts().stream(),
                        submission.request().shots().stream().map(Shot::negativePrompt))
                .flatMap(texts -> texts)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        List<String> sources = new ArrayList<>(new TreeSet<>(order.sources().stream()
                .map(source -> source.file().sha256()
                        + source.asset().map(asset -> " " + asset).orElse(""))
                .toList()));
        return new AuditAction.Submitted(
                Digests.sha256(submission.request().canonical()), order.model(), licence(order), prompts, sources);
    }

    private Optional<Refused> takenDown(WorkOrder order) throws IOException {
        Optional<Takedown> itself = takedowns.ofAsset(order.id());
        if (itself.isPresent()) {
            return Optional.of(refusal("asset " + order.id() + " was taken down, and is not made again"));
        }
        for (WorkSource source : order.sources()) {
            Optional<String> fault = takenDownFile(source);
            if (fault.isPresent()) {
                return Optional.of(refusal(fault.get()));
            }
        }
        return Optional.empty();
    }

    /** {@return what is wrong with a source that is an asset which was taken down, or a file of it} */
    private Optional<String> takenDownFile(WorkSource source) throws IOException {
        Optional<Takedown> found = takedowns.ofFile(source.file().sha256());
        if (found.isEmpty() && source.asset().isPresent()) {
            found = takedowns.ofAsset(source.asset().get());
        }
        return found.map(takedown -> source.file().name() + " is " + takedown.assetId() + ", which was taken down");
    }

    private static Refused refusal(String explanation) {
        return new Refused(TAKEN_DOWN, explanation);
    }

    /**
     * Refuses a clip that is made, before it is stored, if it shows what was taken down or was made of a copy of that.
     *
     * @param order what was made
     * @param clip whose files are complete
     * @param origins what its sources are
     * @throws GenerationException with {@link Reason#PROVENANCE} if it does
     * @throws IOException if that cannot be looked up, or the refusal not be recorded
     */
    void checkMade(WorkOrder order, Produced clip, SourceExamination origins) throws GenerationException, IOException {
        Optional<String> fault = takedowns.ofAsset(order.id()).map(itself -> "it was taken down while it was made");
        if (fault.isEmpty()) {
            fault = takenDownPictures(clip);
        }
        for (WorkSource source : order.sources()) {
            if (fault.isEmpty()) {
                fault = takenDownFile(source);
            }
            if (fault.isEmpty()) {
                fault = takenDownCopy(source, origins.of(source));
            }
        }
        if (fault.isPresent()) {
            audit.decided(order.id(), Requester.UNKNOWN, Stage.SOURCE, refusal(fault.get()));
            throw new GenerationException(Reason.PROVENANCE, "the clip is not stored: " + fault.get());
        }
    }

    private Optional<String> takenDownPictures(Produced clip) throws IOException {
        return takedowns
                .ofPictures(clip.fingerprint())
                .map(found -> "it shows the pictures of " + found.assetId() + ", which was taken down");
    }

    private Optional<String> takenDownCopy(WorkSource source, SourceOrigin origin) throws IOException {
        Optional<Takedown> found = origin.trace().asset().isPresent()
                ? takedowns.ofAsset(origin.trace().asset().get())
                : Optional.empty();
        if (found.isEmpty() && origin.trace().watermark().isPresent()) {
            found = takedowns.ofMark(origin.trace().watermark().get());
        }
        return found.map(
                copied -> source.file().name() + " is a copy of " + copied.assetId() + ", which was taken down");
    }
}
