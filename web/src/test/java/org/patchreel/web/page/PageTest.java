package org.patchreel.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.web.http.BothServlets;
import org.patchreel.web.http.MadeUpRequest;
import org.patchreel.web.http.Response;

/** The files of the page, as they are sent. */
class PageTest {

    private static final Path FILES = Path.of("src/main/resources/org/patchreel/web/page");

    private final Page page = new Page();

    private Response get(String path) {
        return page.answer(new MadeUpRequest("GET", path, new byte[0]));
    }

    private static String header(Response answer, String name) {
        return String.valueOf(answer.headers().get(name));
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList();
        }
    }

    @Test
    void eachFileIsSentWithItsTypeAndAPolicyThatAllowsNothingElse() throws IOException {
        assertTrue(files().size() > 10);
        for (Path file : files()) {
            Response answer = get("/" + file.getFileName());
            assertEquals(200, answer.status(), file.toString());
            assertEquals(Files.readString(file), new String(answer.bytes(), UTF_8));
            assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
            String policy = header(answer, "Content-Security-Policy");
            assertTrue(policy.startsWith("default-src 'self';"), policy);
            assertFalse(policy.contains("unsafe"), policy);
        }
        assertEquals("text/html;charset=UTF-8", get("/").contentType());
        assertEquals("text/javascript;charset=UTF-8", get("/main.js").contentType());
    }

    @Test
    void whatABrowserHasIsNotSentAgain() {
        String tag = header(get("/main.js"), "ETag");
        Response again = page.answer(new MadeUpRequest("GET", "/main.js", new byte[0]).header("If-None-Match", tag));
        assertEquals(304, again.status());
        assertTrue(header(again, "Cache-Control").contains("no-cache"), "an update of the bundle counts at once");
    }

    @Test
    void thereIsNothingElseAndNothingIsChanged() {
        for (String path : List.of("/Page.class", "/../page.css", "/main.js/", "/api/v1", "//main.js")) {
            assertEquals(404, get(path).status(), path);
        }
        assertEquals(
                405, page.answer(new MadeUpRequest("POST", "/", new byte[0])).status());
        assertEquals("patchreel/", header(get(""), "Location"));
    }

    @Test
    void servletsOfBothGenerationsSendIt() throws Exception {
        BothServlets servlets = new BothServlets(new JavaxPageServlet(null), new JakartaPageServlet(null));
        for (BothServlets.Answer answer : servlets.answers(new BothServlets.Received("/", Map.of(), null, null))) {
            assertEquals(200, answer.status());
            assertTrue(answer.text().contains("<title>Patchreel</title>"));
        }
    }

    @Test
    void nothingIsInlineAndNothingComesFromElsewhere() throws IOException {
        Pattern foreign = Pattern.compile(
                "(?i)https?://(?!www\\.w3\\.org/2000/svg)|\\son\\w+=\"|style=\"|innerHTML|eval\\(|<style");
        for (Path file : files()) {
            assertFalse(foreign.matcher(Files.readString(file)).find(), file.toString());
        }
    }

    private static Set<String> names(JsonNode texts) {
        Set<String> names = new TreeSet<>();
        texts.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "phrases-"})
    void eachTextIsThereInBothLanguagesWithTheSameValues(String file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode english = mapper.readTree(FILES.resolve(file + "en.json").toFile());
        JsonNode german = mapper.readTree(FILES.resolve(file + "de.json").toFile());
        assertEquals(names(english), names(german));
        Pattern value = Pattern.compile("\\{\\w+}");
        for (String name : names(english)) {
            assertFalse(german.get(name).textValue().isBlank(), name);
            assertEquals(
                    new TreeSet<>(value.matcher(english.get(name).textValue())
                            .results()
                            .map(each -> each.group())
                            .toList()),
                    new TreeSet<>(value.matcher(german.get(name).textValue())
                            .results()
                            .map(each -> each.group())
                            .toList()),
                    name);
        }
    }

    @Test
    void eachTextThatTheModulesNameIsThere() throws IOException {
        Set<String> known =
                names(new ObjectMapper().readTree(FILES.resolve("en.json").toFile()));
        Pattern named = Pattern.compile("\\bt\\('([^']+)'|\\bt\\(`([^`]+)`|\\b(?:go|button)\\('(\\w+\\.\\w+)'");
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (Path file :
                files().stream().filter(each -> each.toString().endsWith(".js")).toList()) {
            for (var result : named.matcher(Files.readString(file)).results().toList()) {
                String key = Stream.of(1, 2, 3)
                        .map(result::group)
                        .filter(each -> each != null)
                        .findFirst()
                        .orElseThrow();
                String pattern = Pattern.compile("\\$\\{[^}]*}")
                        .splitAsStream(key + "\0")
                        .map(Pattern::quote)
                        .reduce((one, other) -> one + ".+" + other)
                        .orElseThrow()
                        .replace("\0", "");
                if (known.stream().noneMatch(each -> each.matches(pattern))) {
                    missing.add(file.getFileName() + ": " + key);
                }
                count++;
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(count > 100);
    }
}
