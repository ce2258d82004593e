package org.patchreel.impl.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.Requester;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.RegisteredState;

/**
 * A job as people and programs see it.
 *
 * @param job as it is registered
 */
record JobView(JobRecord job) {

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private static final double MILLIS = 1000;
    private static final String DEVICE = " of the device";

    /** Cells of a table: ID, state, requester, when it was submitted, prompt. */
    static final String[] HEADING = {"ID", "STATE", "REQUESTER", "SUBMITTED", "PROMPT"};

    String[] row() {
        return new String[] {
            job.id(),
            state(),
            job.by().user().orElse("-"),
            minutes(job.times().submitted()),
            job.subject().prompt().isEmpty()
                    ? "-"
                    : AssetsCommand.shortened(job.subject().prompt())
        };
    }

    /** {@return the state in a word or two: of a running job the stage and how far it is} */
    private String state() {
        return job.status()
                .progress()
                .filter(progress -> job.status().state() == RegisteredState.RUNNING)
                .map(progress -> progress.stage().label() + " " + progress.done() + "/" + progress.total())
                .orElse(job.status().state().label());
    }

    static String minutes(Instant time) {
        return MINUTES.format(time.atZone(ZoneId.systemDefault()));
    }

    /**
     * {@return all that is known, for people: label and text}
     *
     * @param clock says for how long a job has waited; one that was set back does not make that negative
     */
    Map<String, String> lines(InstantSource clock) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("job", job.id());
        lines.put("state", state());
        lines.put(
                job.status().state() == RegisteredState.COMPLETED ? "clip" : "reason",
                (job.status().reason() + " " + job.status().message()).strip());
        lines.put("requester", requester());
        lines.put("model", job.subject().model());
        lines.put("prompt", job.subject().prompt());
        lines.put("submitted", minutes(job.times().submitted()));
        lines.put("started", job.times().started().map(JobView::minutes).orElse(""));
        lines.put("ended", job.times().ended().map(JobView::minutes).orElse(""));
        if (!job.status().state().isEnded() && job.times().started().isEmpty()) {
            Duration waited = Duration.between(job.times().submitted(), clock.instant());
            lines.put("waits", seconds(waited.isNegative() ? Duration.ZERO : waited));
        }
        lines.put("tries", Integer.toString(job.tries()));
        lines.put(
                "priority",
                job.place().front() > 0 ? "front" : Integer.toString(job.place().priority()));
        lines.put(
                "estimated",
                job.device().estimated().map(time -> seconds(time) + DEVICE).orElse(""));
        lines.put("used", seconds(job.device().used()) + DEVICE);
        lines.values().removeIf(String::isEmpty);
        return lines;
    }

    private String requester() {
        Requester by = job.by();
        StringBuilder text = new StringBuilder(by.user().orElse("-"));
        if (!by.groups().isEmpty()) {
            text.append(" (")
                    .append(String.join(", ", by.groups().stream().sorted().toList()))
                    .append(')');
        }
        by.project().ifPresent(project -> text.append(", project ").append(project));
        by.tenant().ifPresent(tenant -> text.append(", tenant ").append(tenant));
        return text.toString();
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / MILLIS);
    }

    /** {@return all that is known, for programs} */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", job.id());
        json.put("state", job.status().state().label());
        job.status()
                .progress()
                .filter(progress -> job.status().state() == RegisteredState.RUNNING)
                .ifPresent(at -> {
                    json.put("stage", at.stage().label());
                    json.put("done", at.done());
                    json.put("total", at.total());
                });
        String message = job.status().message();
        switch (job.status().state()) {
            case COMPLETED -> json.put("location", message);
            case REFUSED -> {
                json.put("rule", job.status().reason());
                json.put("message", message);
            }
            case FAILED -> {
                json.put("reason", job.status().reason());
                json.put("message", message);
            }
            case WAITING -> json.put("message", message);
            case QUEUED, RUNNING, CANCELLED -> {
                // the state says it
            }
        }
        json.put("requester", json(job.by()));
        json.put("model", job.subject().model());
        json.put("prompt", job.subject().prompt());
        json.put("submitted", job.times().submitted().toString());
        put(json, "started", job.times().started());
        put(json, "ended", job.times().ended());
        json.put("tries", job.tries());
        json.put("priority", job.place().priority());
        json.put("front", job.place().front() > 0);
        job.device().estimated().ifPresent(time -> json.put("estimatedDeviceSeconds", time.toMillis() / MILLIS));
        json.put("deviceSeconds", job.device().used().toMillis() / MILLIS);
        return json;
    }

    private static void put(Map<String, Object> json, String name, Optional<Instant> time) {
        time.ifPresent(at -> json.put(name, at.toString()));
    }

    /** What is known of who asked; an empty object if it is nothing. */
    private static Map<String, Object> json(Requester by) {
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
