package org.patchreel.web.metrics;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.MetricSource;
import org.patchreel.web.http.Admission;
import org.patchreel.web.http.Authentication;
import org.patchreel.web.http.ConfiguredRouter;
import org.patchreel.web.http.Endpoint;
import org.patchreel.web.http.RateLimit;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Route;
import org.patchreel.web.http.Router;
import org.patchreel.web.metrics.PrometheusText.Format;

/** The page for Prometheus as it is configured: who may read it. May be called from any thread. */
@Component(
        service = {MetricsEndpoint.class, ComponentStatus.class},
        configurationPid = MetricsEndpoint.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MetricsEndpoint.Config.class)
public final class MetricsEndpoint implements Endpoint, ComponentStatus {

    static final String PID = "org.patchreel.metrics";

    /** Name and path of the servlets. */
    static final String SERVLET_NAME = "osgi.http.whiteboard.servlet.name=org.patchreel.metrics";

    static final String SERVLET_PATTERN = "osgi.http.whiteboard.servlet.pattern=/patchreel/metrics";

    /** Requests without a known token or user that an address may send. */
    private static final int FAILURES_PER_MINUTE = 10;

    @ObjectClassDefinition(
            name = "Patchreel metrics",
            description =
                    "What is measured, in Prometheus' text format at /patchreel/metrics. Off until it is configured"
                            + " with tokens or with a context of the host that authenticates")
    @interface Config {
        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(
                type = AttributeType.PASSWORD,
                description =
                        "Bearer tokens, at least 16 characters each; Prometheus sends one of them. Empty if the host"
                                + " authenticates")
        String[] _tokens() default {};

        @AttributeDefinition(
                description = "Filter that selects a servlet context of the host, which then authenticates the clients,"
                        + " for example (osgi.http.whiteboard.context.name=org.apache.sling). Without tokens every user"
                        + " whom that context has authenticated may read; anonymous requests are refused")
        String osgi_http_whiteboard_context_select() default "";

        @AttributeDefinition(description = "Requests a minute with one token or by one user", min = "1")
        int requests_per_minute() default 60;
    }

    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
    private final LongSupplier nanoTime;
    private final RateLimit failures;
    private final ConfiguredRouter router;

    /**
     * Creates the endpoint.
     *
     * @param config who may read
     * @param properties of the component
     */
    @Activate
    public MetricsEndpoint(Config config, Map<String, Object> properties) {
        this(System::nanoTime, config, properties);
    }

    MetricsEndpoint(LongSupplier nanoTime, Config config, Map<String, ?> properties) {
        this.nanoTime = nanoTime;
        this.failures = new RateLimit(FAILURES_PER_MINUTE, nanoTime);
        this.router = new ConfiguredRouter(PID, properties, values -> router(values, config));
    }

    /** Requests that are being answered go on as they began. */
    @Modified
    void modified(Config config, Map<String, Object> properties) {
        router.update(properties, values -> router(values, config));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(MetricSource source) {
        sources.add(source);
    }

    void removeSource(MetricSource source) {
        sources.remove(source);
    }

    private Router router(ConfigurationValues values, Config config) {
        Authentication authentication = Authentication.configured(
                values, List.of(config._tokens()), config.osgi_http_whiteboard_context_select());
        int requests = values.integer("requests.per.minute", config::requests_per_minute, 1, Integer.MAX_VALUE);
        return new Router(
                new Admission(authentication, new RateLimit(requests, nanoTime), failures),
                List.of(new Route("", List.of("GET"), 1, this::page)));
    }

    private Response page(Request request) {
        Format format = Format.accepted(request.header("Accept").orElse(""));
        String text = PrometheusText.of(List.copyOf(sources), format);
        return Response.bytes(format.contentType(), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<Problem> problem() {
        return router.problem();
    }

    @Override
    public Response answer(Request request) {
        return router.answer(request);
    }
}
