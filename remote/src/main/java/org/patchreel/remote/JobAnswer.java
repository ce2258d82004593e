package org.patchreel.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.patchreel.api.AssetId;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.GenerationProgress.Stage;
import org.patchreel.api.JobSummary.State;
import org.patchreel.api.Requester;

/**
 * A job as the API answers it.
 *
 * @param id of the job
 * @param state where it stands
 * @param reason a word: the rule of a refusal, the reason of a failure; empty otherwise
 * @param message for people; empty if there is none
 * @param progress of a running job, if it is known
 * @param requester as the generator knows them
 * @param model that makes the clip
 * @param prompt as given; empty if it was refused
 */
record JobAnswer(
        String id,
        State state,
        String reason,
        String message,
        Optional<GenerationProgress> progress,
        Requester requester,
        String model,
        String prompt) {

    /**
     * Reads one.
     *
     * @throws RemoteFailure if it is none, or in a state that this version does not know
     */
    static JobAnswer read(JsonNode json) throws RemoteFailure {
        JsonFields job = new JsonFields(json, "the answer about a job");
        State state = job.word("state", List.of(State.values()), State::label);
        String id = job.text("id");
        if (!AssetId.isValid(id)) {
            throw job.wrong("id", "1 to 64 letters and digits");
        }
        return new JobAnswer(
                id,
                state,
                Failures.line(job.optionalText(state == State.REFUSED ? "rule" : "reason")
                        .orElse("")),
                Failures.line(job.optionalText("message").orElse("")),
                state == State.RUNNING ? progress(job) : Optional.empty(),
                requester(job),
                job.optionalText("model").orElse(""),
                job.optionalText("prompt").orElse(""));
    }

    /** A stage of a newer version is no reason to fail: it is not shown. */
    private static Optional<GenerationProgress> progress(JsonFields job) throws RemoteFailure {
        Optional<String> name = job.optionalText("stage");
        Optional<Stage> stage = name.flatMap(text -> Stream.of(Stage.values())
                .filter(each -> each.label().equals(text))
                .findFirst());
        return stage.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        job.made(() -> new GenerationProgress(stage.get(), job.integer("done"), job.integer("total"))));
    }

    private static Requester requester(JsonFields job) throws RemoteFailure {
        Optional<JsonFields> by = job.optionalObject("requester");
        if (by.isEmpty()) {
            return Requester.UNKNOWN;
        }
        JsonFields fields = by.get();
        Set<String> groups = new HashSet<>();
        if (fields.has("groups")) {
            groups.addAll(fields.texts("groups"));
        }
        return fields.made(() -> new Requester(
                fields.optionalText("user"), groups, fields.optionalText("project"), fields.optionalText("tenant")));
    }

    /** {@return jobs of a page} */
    static List<JobAnswer> readAll(JsonNode json) throws RemoteFailure {
        List<JobAnswer> jobs = new ArrayList<>();
        for (JsonNode each : json.path("jobs")) {
            jobs.add(read(each));
        }
        return jobs;
    }

    /** {@return why it failed; a reason of a newer version is told in the message alone} */
    GenerationException failure() {
        return Stream.of(Reason.values())
                .filter(each -> each.label().equals(reason))
                .findFirst()
                .map(known -> new GenerationException(known, message))
                .orElseGet(() -> new GenerationException(Reason.INTERNAL, reason + ": " + message));
    }
}
