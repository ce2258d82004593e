package org.patchreel.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.GenerationProgress;
import org.patchreel.api.JobSummary;

/** The description of the API says what the API does; {@link Client} checks each answer against it. */
@SuppressWarnings("NullAway") // the operations are not called
class OpenApiTest {

    private static List<JsonNode> find(JsonNode node, String name) {
        List<JsonNode> found = new ArrayList<>(node.findValues(name));
        return found;
    }

    @Test
    void describesEachRouteAndMethodAndNoOther() {
        Set<String> offered = new TreeSet<>();
        new Api(
                        new HostCallers(Map.of()),
                        new SessionResources(Optional.empty()),
                        new JobResources(null, null),
                        new RequestResources(null, null),
                        new EventResources(null, null, 0),
                        new AssetResources(null, null, null),
                        new ReviewResources(null, null, null),
                        new SourceResources(null, null),
                        new ExportResources(Path.of("none"), null, null),
                        new InstallationResources(null, null, null, null))
                .routes()
                .forEach(route -> route.methods().forEach(method -> offered.add(method + " " + route.path())));
        Set<String> described = new TreeSet<>();
        OpenApi.DOCUMENT
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertEquals(offered, described);
    }

    @Test
    void isOfTheVersionThatItNames() {
        assertEquals("3.1.0", OpenApi.DOCUMENT.get("openapi").textValue());
        assertEquals(ApiServer.PATH, OpenApi.DOCUMENT.at("/servers/0/url").textValue());
        assertEquals(ApiService.SERVLET_PATTERN, "osgi.http.whiteboard.servlet.pattern=" + ApiServer.PATH + "/*");
    }

    @Test
    void itsReferencesLeadSomewhere() {
        List<JsonNode> references = find(OpenApi.DOCUMENT, "$ref");
        assertTrue(references.size() > 100);
        for (JsonNode reference : references) {
            assertFalse(OpenApi.DOCUMENT.at(reference.textValue().substring(1)).isMissingNode(), reference.textValue());
        }
    }

    @Test
    void eachOperationHasANameOfItsOwnAndSaysWhoMay() {
        List<String> names = new ArrayList<>();
        find(OpenApi.DOCUMENT.get("paths"), "operationId").forEach(name -> names.add(name.textValue()));
        assertEquals(names.size(), Set.copyOf(names).size());
        OpenApi.DOCUMENT
                .get("paths")
                .forEach(path -> path.forEach(operation -> assertTrue(
                        operation.get("description").textValue().contains("Needs the role "), operation::toString)));
    }

    @Test
    void itsPathParametersAreThoseOfThePath() {
        OpenApi.DOCUMENT
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().forEach(operation -> {
                    Set<String> described = new TreeSet<>();
                    operation.path("parameters").forEach(parameter -> {
                        if (parameter.get("in").textValue().equals("path")) {
                            described.add("{" + parameter.get("name").textValue() + "}");
                        }
                    });
                    Set<String> named = new TreeSet<>(Stream.of(path.getKey().split("/", -1))
                            .filter(part -> part.startsWith("{"))
                            .toList());
                    assertEquals(named, described, path.getKey());
                }));
    }

    @Test
    void itsExamplesFulfilItsSchemas() {
        List<JsonNode> contents = find(OpenApi.DOCUMENT, "content");
        int examples = 0;
        for (JsonNode content : contents) {
            for (JsonNode type : content) {
                for (JsonNode example : type.path("examples")) {
                    assertEquals(Set.of(), OpenApi.faults(type.get("schema"), example.get("value")));
                    examples++;
                }
            }
        }
        assertTrue(examples >= 5, "" + examples);
    }

    @Test
    void itsExamplesOfRequestsAreRead() throws Exception {
        JsonNode body = OpenApi.DOCUMENT.at("/paths/~1jobs/post/requestBody/content/application~1json/examples");
        for (JsonNode example : body) {
            RequestJson.read(new ObjectMapper().writeValueAsBytes(example.get("value")));
        }
        assertEquals(2, body.size());
    }

    @Test
    void aRequestWithAnUnknownFieldDoesNotFulfilTheSchema() throws Exception {
        JsonNode schema = OpenApi.DOCUMENT.at("/components/schemas/Request");
        ObjectMapper mapper = new ObjectMapper();
        assertEquals(Set.of(), OpenApi.faults(schema, mapper.readTree("{\"prompt\":\"a\"}")));
        for (String wrong : List.of(
                "{}",
                "{\"prompt\":\"a\",\"promt\":1}",
                "{\"prompt\":\"a\",\"shots\":[]}",
                "{\"prompt\":\"a\",\"sources\":[{\"use\":\"restyle\",\"media\":{\"asset\":\"a\"},\"factor\":2}]}",
                "{\"prompt\":\"a\",\"id\":\"a/b\"}")) {
            assertFalse(OpenApi.faults(schema, mapper.readTree(wrong)).isEmpty(), wrong);
        }
    }

    @Test
    void theExamplesOfTheDocumentationAreThoseOfTheApi() throws Exception {
        Matcher blocks = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/api.md")));
        int requests = 0;
        int problems = 0;
        while (blocks.find()) {
            JsonNode example = new ObjectMapper().readTree(blocks.group(1));
            if (example.has("shots")) {
                RequestJson.read(blocks.group(1).getBytes(UTF_8));
                assertEquals(Set.of(), OpenApi.faults(OpenApi.DOCUMENT.at("/components/schemas/Request"), example));
                requests++;
            } else if (example.has("status")) {
                assertEquals(Set.of(), OpenApi.faults(OpenApi.DOCUMENT.at("/components/schemas/Problem"), example));
                problems++;
            }
        }
        assertEquals(1, requests);
        assertEquals(1, problems);
    }

    private static Set<String> names(String pointer) {
        Set<String> names = new TreeSet<>();
        OpenApi.DOCUMENT.at(pointer).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> words(String pointer) {
        Set<String> words = new TreeSet<>();
        OpenApi.DOCUMENT.at(pointer).forEach(word -> words.add(word.textValue()));
        return words;
    }

    @Test
    void itsWordsAreThoseOfTheCode() {
        assertEquals(
                new TreeSet<>(Stream.of(JobSummary.State.values())
                        .map(JobSummary.State::label)
                        .toList()),
                words("/components/schemas/Job/properties/state/enum"));
        assertEquals(
                new TreeSet<>(Stream.of(GenerationProgress.Stage.values())
                        .map(GenerationProgress.Stage::label)
                        .toList()),
                words("/components/schemas/Job/properties/stage/enum"));
        assertEquals(
                new TreeSet<>(
                        Stream.of(AssetFile.values()).map(AssetFile::fileName).toList()),
                words("/paths/~1assets~1{id}~1files~1{name}/get/parameters/1/schema/enum"));
        assertTrue(names("/components/schemas/Asset/properties").containsAll(AssetFacts.names()));
    }
}
