package org.patchreel.web.api;

import java.io.IOException;
import java.util.Optional;
import org.patchreel.api.JobSummary;
import org.patchreel.api.Jobs;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** Changes of jobs, as they happen. */
final class EventResources {

    /** Streams of one caller: some pages of one user, each with one. */
    private static final int MAX_OF_CALLER = 16;

    private final Jobs jobs;
    private final EventHub hub;
    private final EventHub.Places places;

    /**
     * Creates the operations.
     *
     * @param jobs of the installation
     * @param hub tells of changes
     * @param maxStreams at the same time
     */
    EventResources(Jobs jobs, EventHub hub, int maxStreams) {
        this.jobs = jobs;
        this.hub = hub;
        this.places = new EventHub.Places(maxStreams, MAX_OF_CALLER);
    }

    Response all(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        return stream(request, caller, Optional.empty());
    }

    /** The stream of a job ends with its last state; a client that has that is told not to come back (204). */
    Response ofJob(Request request, Caller caller) throws IOException, Refusal {
        Parameters.of(request);
        JobSummary job = jobs.find(request.segment(1)).orElseThrow(JobResources::unknown);
        if (job.status().state().isEnded() && hub.hasSeen(job.id(), request.header("Last-Event-ID"))) {
            return Response.empty(204);
        }
        return stream(request, caller, Optional.of(job.id()));
    }

    private Response stream(Request request, Caller caller, Optional<String> job) throws Refusal {
        if (!request.isAsync()) {
            throw new Refusal(501, "the servlets of this host cannot send events; read the jobs instead");
        }
        if (hub.isFull(caller, places)) {
            throw Refusal.busy("there are too many streams of events: close some");
        }
        Optional<String> last = request.header("Last-Event-ID");
        return Response.events(stream -> hub.open(stream, caller, job, last, places))
                .with("X-Accel-Buffering", "no");
    }
}
