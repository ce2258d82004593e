package org.patchreel.web.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;

/** The session of a browser, where the API uses tokens. Its cookie is out of reach of scripts and not sent by other sites. */
final class SessionResources {

    static final String PATH = "/session";

    /** Without a path, so that it is that of the API as the browser sees it, whatever a proxy or a servlet context put before it. */
    private static final String ATTRIBUTES = "; HttpOnly; SameSite=Strict";

    private final Optional<BrowserCallers> browsers;

    /**
     * Creates the operations.
     *
     * @param browsers that sign in; empty where the host authenticates
     */
    SessionResources(Optional<BrowserCallers> browsers) {
        this.browsers = browsers;
    }

    Response open(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        Sessions.Ticket ticket = browsers().signIn(request);
        return json(ticket)
                .with(
                        "Set-Cookie",
                        BrowserCallers.COOKIE + "=" + ticket.id() + ATTRIBUTES + "; Max-Age="
                                + ticket.left().toSeconds() + secure(request));
    }

    Response get(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        return json(request.cookie(BrowserCallers.COOKIE)
                .flatMap(browsers().sessions()::find)
                .orElseThrow(() -> new Refusal(404, "this client has not signed in, it has a token")));
    }

    Response close(Request request, Caller caller) throws Refusal {
        Parameters.of(request);
        request.cookie(BrowserCallers.COOKIE).ifPresent(browsers().sessions()::close);
        return Response.empty(204)
                .with("Set-Cookie", BrowserCallers.COOKIE + "=" + ATTRIBUTES + "; Max-Age=0" + secure(request));
    }

    private static String secure(Request request) {
        return request.isSecure() ? "; Secure" : "";
    }

    private BrowserCallers browsers() throws Refusal {
        return browsers.orElseThrow(() -> new Refusal(404, "the host signs its users in and out"));
    }

    private static Response json(Sessions.Ticket ticket) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("csrfToken", ticket.csrfToken());
        json.put(
                "expires",
                Instant.now()
                        .plus(ticket.left())
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString());
        return Response.json(json);
    }
}
