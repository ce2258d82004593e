package org.patchreel.web.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.patchreel.spi.PrintableText;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Response;

/**
 * Errors as <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> has them, with the field that was wrong. What a client has sent is quoted
 * in part and on one line.
 */
final class ProblemDetails {

    static final String TYPE = "application/problem+json";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(413, "Content Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(416, "Range Not Satisfiable"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(507, "Insufficient Storage"));

    private ProblemDetails() {}

    static Response of(Refusal refusal) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", TITLES.getOrDefault(refusal.status(), "Error"));
        problem.put("status", refusal.status());
        problem.put("detail", PrintableText.of(String.valueOf(refusal.getMessage())));
        refusal.field().ifPresent(field -> problem.put("field", PrintableText.of(field)));
        Response response = Response.json(refusal.status(), TYPE, problem);
        refusal.headers().forEach(response::with);
        return response;
    }
}
