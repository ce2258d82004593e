package org.patchreel.web.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.channels.SeekableByteChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What is answered to a request: a status, a body, and what else the headers say. */
public final class Response {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final int status;
    private final String contentType;
    private final Body body;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Response(int status, String contentType, Body body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        // manifests are forgotten when their asset is; nothing here is a page
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
    }

    /** {@return 200 with a body of any type} */
    public static Response bytes(String contentType, byte[] body) {
        return new Response(200, contentType, new Body.Bytes(body));
    }

    /** {@return an answer without a body} */
    public static Response empty(int status) {
        return new Response(status, "", new Body.Bytes(new byte[0]));
    }

    /**
     * {@return a part of a file, or all of it}
     *
     * @param status 200 for all of it, 206 for a part
     * @param contentType of the file
     * @param file is open; it is closed when the part was sent
     * @param start of the part in the file
     * @param length of the part
     */
    public static Response part(int status, String contentType, SeekableByteChannel file, long start, long length) {
        return new Response(status, contentType, new Body.Part(file, start, length));
    }

    /**
     * {@return events as they happen}
     *
     * @param subscriber is given the stream to send them by, and returns at once
     */
    public static Response events(Consumer<EventStream> subscriber) {
        return new Response(200, "text/event-stream", new Body.Events(subscriber));
    }

    /** {@return 200 with a value as Jackson writes it} */
    public static Response json(Object value) {
        return json(200, value);
    }

    /** {@return an error, with a message for the client as JSON} */
    public static Response error(int status, String message) {
        return json(status, Map.of("error", message));
    }

    /** {@return a value as Jackson writes it} */
    public static Response json(int status, Object value) {
        return json(status, "application/json", value);
    }

    /** {@return a value as Jackson writes it, of a media type of its own} */
    public static Response json(int status, String contentType, Object value) {
        try {
            return new Response(status, contentType, new Body.Bytes(MAPPER.writeValueAsBytes(value)));
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

    Body body() {
        return body;
    }

    /**
     * {@return the body of an answer that is held in memory}
     *
     * @throws IllegalStateException if it is not
     */
    public byte[] bytes() {
        if (body instanceof Body.Bytes bytes) {
            return bytes.content().clone();
        }
        throw new IllegalStateException("the body is sent as it is read");
    }

    /** {@return the headers but for type and length of the body} */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }
}
