package org.patchreel.web.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.patchreel.web.http.Conditional;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Route;

/** The routes of the API: what is offered, to whom, and what it counts for. */
final class Api {

    /** Requests that an upload, a download or an examination counts for. */
    private static final int COST_OF_A_FILE = 10;

    private static final int COST_OF_A_DOWNLOAD = 2;

    /** What is done for a caller. */
    interface Operation {
        Response answer(Request request, Caller caller) throws IOException, Refusal;
    }

    private final Callers callers;
    private final List<Route> routes = new ArrayList<>();

    /**
     * Lists the routes.
     *
     * @param callers says who asks
     * @param sessions operations
     * @param jobs operations
     * @param requests operations
     * @param events operations
     * @param assets operations
     * @param reviews operations
     * @param sources operations
     * @param exports operations
     * @param installation operations
     */
    Api(
            Callers callers,
            SessionResources sessions,
            JobResources jobs,
            RequestResources requests,
            EventResources events,
            AssetResources assets,
            ReviewResources reviews,
            SourceResources sources,
            ExportResources exports,
            InstallationResources installation) {
        this.callers = callers;
        byte[] document = document();
        add("GET", "/openapi.json", Role.VIEWER, 1, (request, caller) -> {
            Parameters.of(request);
            return Conditional.answer(request, Response.bytes("application/json", document));
        });
        add("GET", "/caller", Role.VIEWER, 1, installation::caller);
        add("GET", "/session", Role.VIEWER, 1, sessions::get);
        add("POST", "/session", Role.VIEWER, 1, sessions::open);
        add("DELETE", "/session", Role.VIEWER, 1, sessions::close);
        add("GET", "/jobs", Role.VIEWER, 1, jobs::list);
        add("POST", "/jobs", Role.EDITOR, 1, jobs::submit);
        add("POST", "/estimates", Role.EDITOR, 1, requests::estimate);
        add("GET", "/jobs/{id}", Role.VIEWER, 1, jobs::get);
        add("GET", "/jobs/{id}/preview.jpg", Role.VIEWER, 1, jobs::preview);
        add("DELETE", "/jobs/{id}", Role.EDITOR, 1, jobs::cancel);
        add("POST", "/jobs/{id}/retry", Role.EDITOR, 1, jobs::retry);
        add("POST", "/jobs/{id}/release", Role.OPERATOR, 1, jobs::release);
        add("GET", "/jobs/{id}/events", Role.VIEWER, 1, events::ofJob);
        add("GET", "/events", Role.VIEWER, 1, events::all);
        add("POST", "/storyboard", Role.EDITOR, 1, requests::storyboard);
        add("GET", "/queue", Role.VIEWER, 1, jobs::queue);
        add("PUT", "/queue", Role.OPERATOR, 1, jobs::pause);
        add("GET", "/assets", Role.VIEWER, 1, assets::list);
        add("GET", "/assets/{id}", Role.VIEWER, 1, assets::get);
        add("DELETE", "/assets/{id}", Role.EDITOR, 1, assets::delete);
        add("PUT", "/assets/{id}/review", Role.OPERATOR, COST_OF_A_FILE, reviews::put);
        add("GET", "/assets/{id}/files/{name}", Role.VIEWER, COST_OF_A_DOWNLOAD, assets::file);
        add("HEAD", "/assets/{id}/files/{name}", Role.VIEWER, 1, assets::file);
        add("GET", "/export", Role.VIEWER, COST_OF_A_FILE, exports::get);
        add("PUT", "/sources/{sha256}", Role.EDITOR, COST_OF_A_FILE, sources::put);
        add("HEAD", "/sources/{sha256}", Role.EDITOR, 1, sources::head);
        add("GET", "/models", Role.VIEWER, 1, installation::models);
        add("POST", "/verify", Role.VIEWER, COST_OF_A_FILE, installation::verify);
        add("GET", "/usage", Role.VIEWER, 1, installation::usage);
        add("GET", "/health", Role.VIEWER, 1, installation::health);
    }

    private void add(String method, String path, Role role, int cost, Operation operation) {
        routes.add(new Route(path, List.of(method), cost, request -> {
            Caller caller = callers.find(request).orElseThrow(callers::refusal);
            caller.intent().require(request);
            caller.require(role);
            return operation.answer(request, caller);
        }));
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** {@return the description of the API, OpenAPI 3.1} */
    static byte[] document() {
        try (InputStream in = Objects.requireNonNull(Api.class.getResourceAsStream("openapi.json"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
