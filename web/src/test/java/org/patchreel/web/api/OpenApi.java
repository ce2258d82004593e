package org.patchreel.web.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The API's description, against which tests hold what they are answered. */
final class OpenApi {

    static final JsonNode DOCUMENT = read();

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final Map<String, JsonSchema> KNOWN = new ConcurrentHashMap<>();

    private static final String CLOSED = "x-closed";
    private static final JsonNode CLOSED_COMPONENTS =
            close(DOCUMENT.get("components").deepCopy());

    private OpenApi() {}

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(Api.document());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the path of the description that an address belongs to} */
    static Optional<String> path(String address) {
        String[] parts = address.replaceFirst("\\?.*", "").split("/", -1);
        List<String> found = new ArrayList<>();
        DOCUMENT.get("paths").fieldNames().forEachRemaining(path -> {
            String[] own = path.split("/", -1);
            boolean fits = own.length == parts.length;
            for (int i = 0; fits && i < own.length; i++) {
                fits = own[i].startsWith("{") || own[i].equals(parts[i]);
            }
            if (fits) {
                found.add(path);
            }
        });
        return found.stream().findFirst();
    }

    /** Asserts that an answer is described: its status, its type, its form and its headers. */
    static void check(String method, String address, Client.Answer answer) {
        Optional<String> path = path(address);
        if (path.isEmpty()) {
            return; // there is nothing there: 404
        }
        JsonNode operation = DOCUMENT.get("paths").get(path.get()).path(method.toLowerCase(java.util.Locale.ROOT));
        if (operation.isMissingNode()) {
            assertTrue(Set.of(405, 401, 403, 429, 503).contains(answer.status()), method + " " + address);
            return;
        }
        String what = method + " " + path.get() + " " + answer.status();
        JsonNode response = resolved(operation.get("responses").path(String.valueOf(answer.status())));
        assertTrue(!response.isMissingNode(), what + " is not described");
        response.path("headers")
                .properties()
                .forEach(header -> assertTrue(
                        answer.header(header.getKey()).isPresent()
                                || !resolved(header.getValue()).path("required").asBoolean(true),
                        what + " without " + header.getKey()));
        JsonNode content = response.path("content");
        if (answer.body().length == 0) {
            assertTrue(!content.has("application/json") || method.equals("HEAD"), what + " has no body");
            return;
        }
        String type = answer.header("Content-Type").orElse("").replaceFirst(";.*", "");
        JsonNode described = content.path(type);
        assertTrue(!described.isMissingNode(), what + " of the type " + type + " is not described");
        JsonNode schema = described.path("schema");
        if (type.endsWith("json") && !schema.isMissingNode()) {
            assertEquals(Set.of(), faults(closed(schema), answer.json()), what + ": " + answer.text());
        }
    }

    static JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode()
                ? node
                : DOCUMENT.at(reference.textValue().substring(1));
    }

    /** {@return a schema that lets no property in that it does not describe, as clients may not rely on that} */
    private static ObjectNode closed(JsonNode schema) {
        ObjectNode closed = schema.deepCopy();
        close(closed);
        return closed.put(CLOSED, true);
    }

    private static JsonNode close(JsonNode schema) {
        if (schema.has("properties") && schema.get("properties").isObject() && !schema.has("additionalProperties")) {
            ((ObjectNode) schema).put("additionalProperties", false);
        }
        schema.forEach(OpenApi::close);
        return schema;
    }

    /** {@return what a value does not fulfil} */
    static Set<ValidationMessage> faults(JsonNode schema, JsonNode value) {
        JsonSchema known = KNOWN.computeIfAbsent(schema.toString(), text -> {
            ObjectNode whole = new ObjectMapper().createObjectNode();
            whole.set("components", schema.has(CLOSED) ? CLOSED_COMPONENTS : DOCUMENT.get("components"));
            whole.setAll((ObjectNode) schema);
            return SCHEMAS.getSchema(whole);
        });
        return known.validate(value);
    }
}
