package org.patchreel.web.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An interface that is not the resolution API. */
class RouterTest {

    private long nanos;

    private final Router router = new Router(
            new Admission(new HostUsers(), new RateLimit(60, () -> nanos), new RateLimit(1, () -> nanos)),
            List.of(
                    new Route("/clips", List.of("GET", "POST"), 1, request -> Response.json(request.method())),
                    new Route("/clips/", List.of("GET"), 30, request -> Response.json(request.path())),
                    new Route("/shelves/{shelf}/clips/{clip}", List.of("GET"), 1, RouterTest::parts),
                    new Route("/shelves/{shelf}/clips/{clip}", List.of("DELETE"), 1, request -> Response.empty(204)),
                    new Route("/busy", List.of("GET"), 1, request -> {
                        throw Refusal.busy("all is at work");
                    })));

    private static Response parts(Request request) {
        return Response.json(request.segment(1) + " " + request.segment(3));
    }

    private static MadeUpRequest request(String method, String path) {
        return new MadeUpRequest(method, path, new byte[0]).by(Optional.of("editor"));
    }

    private Response answer(String method, String path) {
        return router.answer(request(method, path));
    }

    private static String text(Response response) {
        return new String(response.bytes(), UTF_8);
    }

    @Test
    void handsARequestToTheRouteOfItsPath() {
        assertEquals("\"POST\"", text(answer("POST", "/clips")));
        assertEquals("\"/clips/a/b\"", text(answer("GET", "/clips/a/b")));
        assertEquals(404, answer("GET", "/clipsandmore").status());
    }

    @Test
    void namesTheMethodsThatAreUnderstood() {
        Response refused = answer("DELETE", "/clips");
        assertEquals(405, refused.status());
        assertEquals("{\"error\":\"only GET and POST are understood here\"}", text(refused));
    }

    @Test
    void partsOfAPathStandForAnyNameThatIsNotEmpty() {
        assertEquals("\"a b\"", text(answer("GET", "/shelves/a/clips/b")));
        assertEquals(204, answer("DELETE", "/shelves/a/clips/b").status());
        for (String path :
                List.of("/shelves//clips/b", "/shelves/a/clips/", "/shelves/a/clips/b/c", "/shelves/a/b/c")) {
            assertEquals(404, answer("GET", path).status(), path);
        }
    }

    @Test
    void namesTheMethodsOfAllRoutesOfAPath() {
        Response refused = answer("PUT", "/shelves/a/clips/b");
        assertEquals(405, refused.status());
        assertEquals("GET, DELETE", refused.headers().get("Allow"));
    }

    @Test
    void saysWhenABusyServiceMayBeAskedAgain() {
        Response refused = answer("GET", "/busy");
        assertEquals(503, refused.status());
        assertEquals("10", refused.headers().get("Retry-After"));
    }

    @Test
    void countsARequestAtTheCostOfItsRouteBeforeItIsLookedAt() {
        assertEquals(405, answer("PUT", "/clips/a").status());
        assertEquals(200, answer("GET", "/clips/a").status());
        Response refused = answer("GET", "/clips");
        assertEquals(429, refused.status());
        assertEquals("1", refused.headers().get("Retry-After"));
        nanos += 1_000_000_000L;
        assertEquals(200, answer("GET", "/clips").status());
    }

    @Test
    void tellsStrangersNothingOfWhatIsThere() {
        for (String path : List.of("/clips", "/nothing")) {
            MadeUpRequest stranger = request("GET", path).by(Optional.empty()).from(path);
            assertEquals(403, router.answer(stranger).status());
            assertEquals(429, router.answer(stranger).status());
        }
    }
}
