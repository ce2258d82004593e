package org.patchreel.web.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.Metric;
import org.patchreel.spi.MetricSource;
import org.patchreel.web.http.BothServlets;
import org.patchreel.web.http.BothServlets.Answer;
import org.patchreel.web.http.BothServlets.Received;
import org.patchreel.web.http.MadeUpRequest;
import org.patchreel.web.http.Response;

class MetricsEndpointTest {

    private static final String TOKEN = "a-token-of-the-tests";
    private static final String CONTEXT = "(osgi.http.whiteboard.context.name=org.apache.sling)";

    private static final MetricSource JOBS = new MetricSource() {
        @Override
        public String subject() {
            return "Jobs";
        }

        @Override
        public List<Metric> metrics() {
            return List.of(Metric.gauge("queue_length", "jobs", "Jobs that wait", () -> 3));
        }
    };

    private record Configured(String token, String context, int requests_per_minute) implements MetricsEndpoint.Config {

        MetricsEndpoint endpoint() {
            MetricsEndpoint endpoint = new MetricsEndpoint(() -> 0, this, properties());
            endpoint.addSource(JOBS);
            return endpoint;
        }

        Map<String, Object> properties() {
            Map<String, Object> properties = new HashMap<>();
            properties.put("requests.per.minute", requests_per_minute);
            if (!context.isEmpty()) {
                properties.put("osgi.http.whiteboard.context.select", context);
            }
            return properties;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return MetricsEndpoint.Config.class;
        }

        @Override
        public String[] _tokens() {
            return token.isEmpty() ? new String[0] : new String[] {token};
        }

        @Override
        public String osgi_http_whiteboard_context_select() {
            return context;
        }
    }

    private static MadeUpRequest get(String path) {
        return new MadeUpRequest("GET", path, new byte[0]);
    }

    private static MadeUpRequest scrape() {
        return get("").header("Authorization", "Bearer " + TOKEN);
    }

    private static String text(Response response) {
        return new String(response.bytes(), UTF_8);
    }

    private static Map<String, Double> samples(Response response, String name) {
        return Objects.requireNonNull(Exposition.read(text(response)).get(name), name)
                .samples();
    }

    @Test
    void whoHasTheTokenReadsThePage() {
        Response answer = new Configured(TOKEN, "", 60).endpoint().answer(scrape());
        assertEquals(200, answer.status());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.contentType());
        assertEquals("no-store", answer.headers().get("Cache-Control"));
        assertEquals(Map.of("", 3.0), samples(answer, "patchreel_queue_length"));
    }

    @Test
    void openMetricsIsForThoseWhoAskForIt() {
        MetricsEndpoint endpoint = new Configured(TOKEN, "", 60).endpoint();
        Response answer = endpoint.answer(scrape().header(
                        "Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3"));
        assertEquals("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.contentType());
        assertTrue(text(answer).endsWith("\n# EOF\n"), text(answer));
        Response plain = endpoint.answer(scrape().header("Accept", "text/html,*/*"));
        assertEquals("text/plain; version=0.0.4; charset=utf-8", plain.contentType());
    }

    @Test
    void withoutTheTokenNothingIsTold() {
        MetricsEndpoint endpoint = new Configured(TOKEN, "", 60).endpoint();
        for (String given : List.of("", "Bearer", "Bearer another-token-entirely", "Basic " + TOKEN, TOKEN)) {
            Response answer = endpoint.answer(get("").header("Authorization", given));
            assertEquals(401, answer.status(), given);
            assertEquals("Bearer", answer.headers().get("WWW-Authenticate"));
            assertEquals("{\"error\":\"a bearer token is needed\"}", text(answer));
        }
    }

    @Test
    void strangersAndScrapersAreLimitedApart() {
        MetricsEndpoint endpoint = new Configured(TOKEN, "", 2).endpoint();
        for (int i = 0; i < 10; i++) {
            assertEquals(401, endpoint.answer(get("")).status());
        }
        assertEquals(429, endpoint.answer(get("")).status());
        assertEquals(200, endpoint.answer(scrape()).status());
        assertEquals(200, endpoint.answer(scrape()).status());
        assertEquals("30", endpoint.answer(scrape()).headers().get("Retry-After"));
    }

    @Test
    void nothingElseIsThere() {
        MetricsEndpoint endpoint = new Configured(TOKEN, "", 60).endpoint();
        for (String path : List.of("/", "/jobs")) {
            assertEquals(
                    404,
                    endpoint.answer(get(path).header("Authorization", "Bearer " + TOKEN))
                            .status());
        }
        Response posted =
                endpoint.answer(new MadeUpRequest("POST", "", new byte[0]).header("Authorization", "Bearer " + TOKEN));
        assertEquals(405, posted.status());
    }

    @Test
    void aSourceThatWentIsNotShown() {
        MetricsEndpoint endpoint = new Configured(TOKEN, "", 60).endpoint();
        endpoint.removeSource(JOBS);
        assertEquals(Map.of("", 0.0), samples(endpoint.answer(scrape()), "patchreel_unreadable_metrics"));
        assertFalse(text(endpoint.answer(scrape())).contains("queue_length"));
    }

    @Test
    void aConfigurationWithWhichAnybodyCouldReadIsRefused() {
        for (Configured wrong :
                List.of(new Configured("", "", 60), new Configured("short", "", 60), new Configured(TOKEN, "", 0))) {
            MetricsEndpoint endpoint = wrong.endpoint();
            assertEquals(503, endpoint.answer(scrape()).status());
            assertTrue(endpoint.problem().orElseThrow().line().startsWith("configuration org.patchreel.metrics: "));
            assertFalse(endpoint.problem().orElseThrow().line().contains("short"), "it names a secret");
        }
    }

    @Test
    void aChangedTokenReplacesTheOneBefore() {
        MetricsEndpoint endpoint = new Configured(TOKEN, "", 60).endpoint();
        Configured changed = new Configured("the-next-token-of-all", "", 60);
        endpoint.modified(changed, changed.properties());
        assertEquals(401, endpoint.answer(scrape()).status());
        assertEquals(
                200,
                endpoint.answer(get("").header("Authorization", "Bearer the-next-token-of-all"))
                        .status());
        assertEquals(Optional.empty(), endpoint.problem());
    }

    @Test
    void servletsOfBothGenerationsAnswerAtTheirPatternItself() throws Exception {
        MetricsEndpoint endpoint = new Configured(TOKEN, CONTEXT, 60).endpoint();
        BothServlets servlets =
                new BothServlets(new JavaxMetricsServlet(endpoint, null), new JakartaMetricsServlet(endpoint, null));
        Map<String, String> authorised = Map.of("Authorization", "Bearer " + TOKEN);
        for (Answer answer : servlets.answers(new Received(null, authorised, null, null))) {
            assertEquals(200, answer.status());
            assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.header("Content-Type"));
            assertTrue(Exposition.read(answer.text()).containsKey("patchreel_queue_length"));
        }
        for (Answer answer : servlets.answers(new Received(null, Map.of(), "editor", "BASIC"))) {
            assertEquals(401, answer.status());
        }
    }

    @Test
    void withoutTokensTheUsersOfAHostsContextRead() throws Exception {
        MetricsEndpoint endpoint = new Configured("", CONTEXT, 60).endpoint();
        BothServlets servlets =
                new BothServlets(new JavaxMetricsServlet(endpoint, null), new JakartaMetricsServlet(endpoint, null));
        for (Answer answer : servlets.answers(new Received(null, Map.of(), "operator", "BASIC"))) {
            assertEquals(200, answer.status());
        }
        for (Answer answer : servlets.answers(new Received(null, Map.of(), "anonymous", null))) {
            assertEquals(403, answer.status());
        }
    }
}
