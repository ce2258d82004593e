package org.patchreel.web.api;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.DeviceUsage;
import org.patchreel.api.Jobs;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.ModelHealth;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.http.Conditional;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** What the installation has and knows: models, usage, health, and whose work a file is. */
final class InstallationResources {

    /** Answers about a file: what is proved about it, or what its manifests hold. */
    private static final String REPORT = "report";

    private static final String CREDENTIALS = "crjson";

    private final Services services;
    private final Jobs jobs;
    private final JobResources queue;
    private final ContentExamination examination;

    /**
     * Creates the operations.
     *
     * @param services has models and components
     * @param jobs has what was used
     * @param queue tells how long it is
     * @param examination examines files
     */
    InstallationResources(Services services, Jobs jobs, JobResources queue, ContentExamination examination) {
        this.services = services;
        this.jobs = jobs;
        this.queue = queue;
        this.examination = examination;
    }

    Response models(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        List<Map<String, Object>> models = services.each(VideoModel.class, model -> model(model, caller));
        for (int i = 0; i < models.size(); i++) {
            models.get(i).put("default", i == 0);
        }
        return Conditional.answer(request, Response.json(Map.of("models", models)));
    }

    /** The names are those of {@code models --json}. What names files of the host is for operators. */
    private static Map<String, Object> model(VideoModel model, Caller caller) {
        ModelDescriptor about = model.descriptor();
        ModelHealth health = model.health();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", about.name());
        json.put("family", about.family());
        json.put("device", health.device());
        json.put("precision", about.precision());
        if (model instanceof RemoteModel remote) {
            json.put("workers", remote.concurrency());
        }
        json.put("status", health.status().name().toLowerCase(Locale.ROOT));
        about.capabilities().ifPresent(capabilities -> json.putAll(capabilities.values()));
        if (caller.role() == Role.OPERATOR) {
            health.lastError().ifPresent(error -> json.put("lastError", error));
        }
        return json;
    }

    Response verify(Request request, Caller caller) throws IOException, Refusal {
        String format = Parameters.of(request, "format")
                .value("format", InstallationResources::format)
                .orElse(REPORT);
        return Response.json(
                format.equals(REPORT)
                        ? examination.examine(request).values()
                        : examination.contentCredentials(request).values());
    }

    private static String format(String text) {
        if (!text.equals(REPORT) && !text.equals(CREDENTIALS)) {
            throw new IllegalArgumentException("format is " + REPORT + " or " + CREDENTIALS + ": " + text);
        }
        return text;
    }

    Response usage(Request request, Caller caller) throws IOException, Refusal {
        Parameters parameters = Parameters.of(request, "by", "since");
        DeviceUsage.Kind kind = parameters
                .value("by", text -> DeviceUsage.Kind.parse("by", text))
                .orElse(DeviceUsage.Kind.USER);
        LocalDate since = parameters.day("since").orElseGet(() -> LocalDate.now(ZoneId.systemDefault()));
        if (kind != DeviceUsage.Kind.USER) {
            caller.require(Role.OPERATOR);
        }
        List<Object> lines = new ArrayList<>();
        for (DeviceUsage usage : jobs.usage(kind, since)) {
            if (caller.role() == Role.OPERATOR || usage.account().equals(caller.name())) {
                lines.add(line(kind, usage));
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("by", kind.label());
        json.put("since", since.toString());
        json.put("usage", lines);
        return Conditional.answer(request, Response.json(json));
    }

    /** The names are those of {@code usage --json}. */
    private static Map<String, Object> line(DeviceUsage.Kind kind, DeviceUsage usage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(kind.label(), usage.account());
        json.put("clips", usage.clips());
        json.put("deviceSeconds", JobJson.seconds(usage.time()));
        usage.cost().ifPresent(cost -> {
            json.put("cost", cost.amount());
            json.put("currency", cost.currency());
        });
        json.put("deviceSecondsToday", JobJson.seconds(usage.today()));
        usage.budget().ifPresent(budget -> json.put("budgetToday", budget.toSeconds()));
        return json;
    }

    /** What is wrong names files of the host: it is for operators, others learn that something is. */
    Response health(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        List<ComponentStatus.Problem> problems = new ArrayList<>();
        services.each(ComponentStatus.class, ComponentStatus::problem).forEach(each -> each.ifPresent(problems::add));
        Map<String, Object> json = new LinkedHashMap<>();
        try {
            json.put("queue", queue.queue());
        } catch (IOException e) {
            // the register tells what is wrong with it
        }
        List<ModelHealth.Status> models =
                services.each(VideoModel.class, model -> model.health().status());
        boolean able = models.stream().anyMatch(status -> status != ModelHealth.Status.UNAVAILABLE);
        boolean broken =
                !able || !json.containsKey("queue") || problems.stream().anyMatch(problem -> !problem.usable());
        json.put("status", broken ? "failing" : problems.isEmpty() ? "ok" : "degraded");
        json.put("modelAvailable", able);
        if (caller.role() == Role.OPERATOR) {
            json.put(
                    "problems",
                    problems.stream().map(InstallationResources::problem).toList());
        }
        return Response.json(broken ? 503 : 200, json);
    }

    private static Map<String, Object> problem(ComponentStatus.Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("subject", problem.subject());
        json.put("description", problem.description());
        json.put("remedy", problem.remedy());
        json.put("usable", problem.usable());
        return json;
    }

    /** {@return the name of the host's user, or that of a token, and what they may do} */
    Response caller(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("user", caller.name());
        json.put("role", caller.role().label());
        Optional.of(caller.requester().groups())
                .filter(groups -> !groups.isEmpty())
                .ifPresent(groups -> json.put("groups", groups.stream().sorted().toList()));
        return Response.json(json);
    }
}
