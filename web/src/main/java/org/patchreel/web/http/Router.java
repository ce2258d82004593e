package org.patchreel.web.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.patchreel.spi.PrintableText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a request in, hands it to the route of its path, and makes an answer of what goes wrong. Safe for use from any thread. */
public final class Router implements Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Admission admission;
    private final List<Route> routes;
    private final Function<Refusal, Response> refusals;

    /**
     * Creates a router.
     *
     * @param admission lets requests in
     * @param routes the first that leads to a path is taken
     */
    public Router(Admission admission, List<Route> routes) {
        this(admission, routes, Refusal::response);
    }

    /**
     * Creates a router.
     *
     * @param admission lets requests in
     * @param routes the first that leads to a path and understands the method is taken
     * @param refusals makes an answer of what is refused
     */
    public Router(Admission admission, List<Route> routes, Function<Refusal, Response> refusals) {
        this.admission = admission;
        this.routes = List.copyOf(routes);
        this.refusals = refusals;
    }

    @Override
    public Response answer(Request request) {
        List<Route> here =
                routes.stream().filter(each -> each.leadsTo(request.path())).toList();
        Optional<Route> route = here.stream()
                .filter(each -> each.methods().contains(request.method()))
                .findFirst();
        try {
            admission.admit(
                    request,
                    route.or(() -> here.stream().findFirst()).map(Route::cost).orElse(1));
            return route.orElseThrow(() -> refusal(here)).operation().answer(request);
        } catch (Refusal refusal) {
            return refusals.apply(refusal);
        } catch (IOException | RuntimeException e) {
            // what a client chose has no place in the log: neither its path, which has been decoded, nor a stack trace
            // for each request
            LOG.error("{} failed: {}", route.map(Route::path).orElse("a request"), PrintableText.of(e.toString()));
            LOG.debug("The failure of a request", e);
            return refusals.apply(new Refusal(500, "the request failed"));
        }
    }

    private static Refusal refusal(List<Route> here) {
        if (here.isEmpty()) {
            return new Refusal(404, "there is nothing here");
        }
        List<String> methods = here.stream()
                .flatMap(each -> each.methods().stream())
                .distinct()
                .toList();
        return new Refusal(405, "only " + String.join(" and ", methods) + " are understood here")
                .with("Allow", String.join(", ", methods));
    }
}
