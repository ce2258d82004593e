package org.patchreel.web.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.JobSummary;
import org.patchreel.api.Requester;

/** A job as JSON: the names are those of {@code jobs --json}. Where the host keeps the asset, clients are not told. */
final class JobJson {

    private static final double MILLIS = 1000;

    private JobJson() {}

    /**
     * {@return a job as a caller may see it: prompts of others are for operators}
     *
     * @param job to write
     * @param caller who reads it
     */
    static Map<String, Object> of(JobSummary job, Caller caller) {
        Map<String, Object> json = new LinkedHashMap<>();
        JobSummary.Status status = job.status();
        json.put("id", job.id());
        json.put("state", status.state().label());
        status.progress().ifPresent(at -> {
            json.put("stage", at.stage().label());
            json.put("done", at.done());
            json.put("total", at.total());
        });
        switch (status.state()) {
            case COMPLETED -> json.put("asset", job.id());
            case REFUSED -> {
                json.put("rule", status.reason());
                json.put("message", status.message());
            }
            case FAILED -> {
                json.put("reason", status.reason());
                json.put("message", status.message());
            }
            case WAITING -> {
                if (!status.reason().isEmpty()) {
                    json.put("rule", status.reason());
                }
                json.put("message", status.message());
            }
            case QUEUED, RUNNING, CANCELLED -> {
                // the state says it
            }
        }
        json.put("requester", requester(job.requester()));
        json.put("model", job.subject().model());
        json.put("prompt", caller.owns(job) ? job.subject().prompt() : "");
        json.put("submitted", job.times().submitted().toString());
        put(json, "started", job.times().started());
        put(json, "ended", job.times().ended());
        json.put("tries", job.effort().tries());
        json.put("priority", job.effort().priority());
        json.put("front", job.effort().front());
        job.effort().estimated().ifPresent(time -> json.put("estimatedDeviceSeconds", seconds(time)));
        json.put("deviceSeconds", seconds(job.effort().used()));
        return json;
    }

    static double seconds(Duration time) {
        return time.toMillis() / MILLIS;
    }

    private static void put(Map<String, Object> json, String name, Optional<Instant> time) {
        time.ifPresent(at -> json.put(name, at.toString()));
    }

    private static Map<String, Object> requester(Requester by) {
        Map<String, Object> json = new LinkedHashMap<>();
        by.user().ifPresent(user -> json.put("user", user));
        if (!by.groups().isEmpty()) {
            json.put("groups", by.groups().stream().sorted().toList());
        }
        by.project().ifPresent(project -> json.put("project", project));
        by.tenant().ifPresent(tenant -> json.put("tenant", tenant));
        return json;
    }
}
