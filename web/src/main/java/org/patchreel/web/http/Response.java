package org.patchreel.web.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is answered to a request: a status, a body, and what else the headers say. */
public final class Response {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Response(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        // manifests are forgotten when their asset is; nothing here is a page
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
    }

    /** {@return 200 with a body of any type} */
    public static Response bytes(String contentType, byte[] body) {
        return new Response(200, contentType, body);
    }

    /** {@return 200 with a value as Jackson writes it} */
    public static Response json(Object value) {
        return json(200, value);
    }

    /** {@return an error, with a message for the client as JSON} */
    public static Response error(int status, String message) {
        return json(status, Map.of("error", message));
    }

    private static Response json(int status, Object value) {
        try {
            return new Response(status, "application/json", MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return this answer with a further header} */
    public Response with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** {@return the status code} */
    public int status() {
        return status;
    }

    /** {@return media type of the body} */
    public String contentType() {
        return contentType;
    }

    /** {@return the body} */
    public byte[] body() {
        return body.clone();
    }

    /** {@return the headers but for type and length of the body} */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }
}
