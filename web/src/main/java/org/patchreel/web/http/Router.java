package org.patchreel.web.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.patchreel.spi.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a request in, hands it to the route of its path, and makes an answer of what goes wrong. Safe for use from any thread. */
public final class Router implements Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Admission admission;
    private final List<Route> routes;

    /**
     * Creates a router.
     *
     * @param admission lets requests in
     * @param routes the first that leads to a path is taken
     */
    public Router(Admission admission, List<Route> routes) {
        this.admission = admission;
        this.routes = List.copyOf(routes);
    }

    @Override
    public Response answer(Request request) {
        Optional<Route> route =
                routes.stream().filter(each -> each.leadsTo(request.path())).findFirst();
        try {
            admission.admit(request, route.map(Route::cost).orElse(1));
            return route.orElseThrow(() -> new Refusal(404, "there is nothing here"))
                    .answer(request);
        } catch (Refusal refusal) {
            return refusal.response();
        } catch (IOException | RuntimeException e) {
            // what a client chose has no place in the log: neither its path, which has been decoded, nor a stack trace
            // for each request
            LOG.error("{} failed: {}", route.map(Route::path).orElse("a request"), PrintableText.of(e.toString()));
            LOG.debug("The failure of a request", e);
            return Response.error(500, "the request failed");
        }
    }
}
