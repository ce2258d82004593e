package org.patchreel.web.api;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.patchreel.api.GenerationException;
import org.patchreel.api.JobPage;
import org.patchreel.api.JobQuery;
import org.patchreel.api.JobSummary;
import org.patchreel.api.Jobs;
import org.patchreel.api.Requester;
import org.patchreel.web.http.Conditional;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** Jobs, and the queue in which they wait. */
final class JobResources {

    /** Bytes of a request: 100 shots with their prompts have less. */
    static final int MAX_REQUEST = 1 << 20;

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    private final Jobs jobs;
    private final Incoming incoming;

    /**
     * Creates the operations.
     *
     * @param jobs of the installation
     * @param incoming limits bodies
     */
    JobResources(Jobs jobs, Incoming incoming) {
        this.jobs = jobs;
        this.incoming = incoming;
    }

    Response submit(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        RequestJson asked = RequestJson.read(json(request, incoming));
        Requester by = new Requester(
                caller.requester().user(), caller.requester().groups(), asked.project(), Optional.empty());
        JobSummary job = taken(() -> asked.id().isPresent()
                ? jobs.submit(asked.id().get(), asked.request(), by)
                : jobs.submit(asked.request(), by));
        return Response.json(202, JobJson.of(job, caller)).with("Location", "jobs/" + job.id());
    }

    static byte[] json(Request request, Incoming incoming) throws IOException, Refusal {
        String type = request.header("Content-Type").orElse("");
        if (!type.matches("(?i)application/json\\s*(;.*)?")) {
            throw new Refusal(415, "the body must be application/json, not \"" + type + "\"").at("Content-Type");
        }
        return incoming.bytes(request, MAX_REQUEST);
    }

    interface Taking<T> {
        T take() throws GenerationException, Jobs.ConflictException;
    }

    /** {@return what was taken; if it was not, that is the caller's fault or passes, or else a failure} */
    static <T> T taken(Taking<T> taking) throws IOException, Refusal {
        try {
            return taking.take();
        } catch (Jobs.ConflictException e) {
            throw new Refusal(409, e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Refusal(422, String.valueOf(e.getMessage()));
        } catch (IllegalStateException e) {
            throw Refusal.busy("the video generator is being replaced");
        } catch (GenerationException e) {
            switch (e.reason()) {
                case UNSUPPORTED -> throw new Refusal(422, e.getMessage());
                case BUSY, NO_MODEL, PROMPT -> throw Refusal.busy(e.getMessage());
                default -> throw new IOException(e);
            }
        }
    }

    Response list(Request request, Caller caller) throws IOException, Refusal {
        Parameters parameters = Parameters.of(request, "state", "user", "since", "limit", "cursor");
        Set<JobSummary.State> states = parameters
                .value("state", text -> {
                    Set<JobSummary.State> some = EnumSet.noneOf(JobSummary.State.class);
                    Arrays.stream(text.split(",", -1))
                            .forEach(label -> some.add(JobSummary.State.parse("state", label.strip())));
                    return some;
                })
                .orElse(Set.of());
        Optional<Long> before = parameters.value("cursor", text -> {
            if (!text.matches("\\d{1,18}")) {
                throw new IllegalArgumentException("cursor must be one that a list has given as next: " + text);
            }
            return Long.valueOf(text);
        });
        JobPage page = jobs.list(new JobQuery(
                states,
                parameters.text("user"),
                parameters.time("since"),
                before.map(OptionalLong::of).orElse(OptionalLong.empty()),
                parameters.integer("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)));
        List<Object> all = new ArrayList<>();
        page.jobs().forEach(job -> all.add(JobJson.of(job, caller)));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("jobs", all);
        page.next().ifPresent(next -> json.put("next", Long.toString(next)));
        return Conditional.answer(request, Response.json(json));
    }

    Response get(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        return Conditional.answer(request, Response.json(JobJson.of(find(request), caller)));
    }

    /** A frame of what is made now: for whom the prompt is, too. What waits to be released is the reviewers' to see alone. */
    Response preview(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        JobSummary job = find(request);
        boolean seen = job.status().state() == JobSummary.State.WAITING
                ? caller.role().includes(Role.OPERATOR)
                : caller.owns(job);
        byte[] picture = (seen ? jobs.preview(job.id()) : Optional.<byte[]>empty())
                .orElseThrow(() -> new Refusal(404, "there is no picture of this job now").at("id"));
        return Conditional.answer(request, Response.bytes("image/jpeg", picture));
    }

    private JobSummary find(Request request) throws IOException, Refusal {
        return jobs.find(request.segment(1)).orElseThrow(JobResources::unknown);
    }

    static Refusal unknown() {
        return new Refusal(404, "no such job").at("id");
    }

    Response cancel(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        JobSummary job = find(request);
        caller.requireOwn(job);
        try {
            JobSummary now = jobs.cancel(job.id(), caller.requester()).orElseThrow(JobResources::unknown);
            return now.status().state().isEnded() ? Response.empty(204) : Response.json(202, JobJson.of(now, caller));
        } catch (Jobs.ConflictException e) {
            throw new Refusal(409, e.getMessage());
        }
    }

    Response retry(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        JobSummary job = find(request);
        caller.requireOwn(job);
        JobSummary again = taken(() -> jobs.retry(job.id(), caller.requester())).orElseThrow(JobResources::unknown);
        return Response.json(202, JobJson.of(again, caller)).with("Location", "../" + again.id());
    }

    Response release(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        try {
            JobSummary now =
                    jobs.release(request.segment(1), caller.requester()).orElseThrow(JobResources::unknown);
            return Response.json(JobJson.of(now, caller));
        } catch (Jobs.ConflictException e) {
            throw new Refusal(409, e.getMessage());
        }
    }

    Response queue(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        return Conditional.answer(request, Response.json(queue()));
    }

    Response pause(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        Fields fields = new Fields(RequestJson.tree(json(request, incoming)), "");
        Optional<Boolean> paused = fields.flag("paused");
        fields.refuseOthers();
        if (paused.isEmpty()) {
            throw new Refusal(422, "/paused is missing").at("/paused");
        }
        jobs.pause(paused.get());
        return Response.json(queue());
    }

    /** {@return whether jobs begin, and how many there are of each state} */
    Map<String, Object> queue() throws IOException {
        Map<String, Object> counts = new LinkedHashMap<>();
        jobs.counts().forEach((state, count) -> counts.put(state.label(), count));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("paused", jobs.isPaused());
        json.put("jobs", counts);
        return json;
    }
}
