package org.patchreel.web.resolution;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.SoftBindingResolver;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.http.Admission;
import org.patchreel.web.http.Authentication;
import org.patchreel.web.http.ConfiguredRouter;
import org.patchreel.web.http.Endpoint;
import org.patchreel.web.http.RateLimit;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Router;

/** The Soft Binding Resolution API as it is configured: who may ask, and how much. May be called from any thread. */
@Component(
        service = {ResolutionService.class, ComponentStatus.class},
        configurationPid = ResolutionService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ResolutionService.Config.class)
public final class ResolutionService implements Endpoint, ComponentStatus {

    static final String PID = "org.patchreel.resolution";

    /** Name and paths of the servlets. */
    static final String SERVLET_NAME = "osgi.http.whiteboard.servlet.name=org.patchreel.resolution";

    static final String SERVLET_PATTERN = "osgi.http.whiteboard.servlet.pattern=/patchreel/c2pa/v1/*";

    /** Requests without a known token or user that an address may send. */
    private static final int FAILURES_PER_MINUTE = 10;

    @ObjectClassDefinition(
            name = "Patchreel soft binding resolution",
            description = "C2PA's Soft Binding Resolution API at /patchreel/c2pa/v1. Off until it is configured with"
                    + " tokens or with a context of the host that authenticates")
    @interface Config {
        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(
                type = AttributeType.PASSWORD,
                description =
                        "Bearer tokens, at least 16 characters each; a client sends one of them. Empty if the host"
                                + " authenticates")
        String[] _tokens() default {};

        @AttributeDefinition(
                description = "Filter that selects a servlet context of the host, which then authenticates the clients,"
                        + " for example (osgi.http.whiteboard.context.name=org.apache.sling). Without tokens every user"
                        + " whom that context has authenticated may ask; anonymous requests are refused")
        String osgi_http_whiteboard_context_select() default "";

        @AttributeDefinition(
                description = "Requests a minute with one token or by one user; a file counts for ten",
                min = "1")
        int requests_per_minute() default 60;

        @AttributeDefinition(description = "The largest file that may be sent, in MiB", min = "1")
        int max_upload() default 512;
    }

    private final Path folder;
    private final SoftBindingResolver resolver;
    private final ProvenanceVerifier verifier;
    private final LongSupplier nanoTime;
    private final RateLimit failures;
    private final ConfiguredRouter router;

    /**
     * Creates the service.
     *
     * @param context has the folder for files that are sent
     * @param resolver leads from marks to manifests
     * @param verifier examines files that are sent
     * @param config who may ask, and how much
     * @param properties of the component
     */
    @Activate
    public ResolutionService(
            BundleContext context,
            @Reference SoftBindingResolver resolver,
            @Reference ProvenanceVerifier verifier,
            Config config,
            Map<String, Object> properties) {
        this(context.getDataFile("resolution").toPath(), resolver, verifier, System::nanoTime, config, properties);
        // removes what was being examined when an earlier process was killed; this one's files are younger than it is
        ContentExamination.removeLeftovers(
                folder,
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    ResolutionService(
            Path folder,
            SoftBindingResolver resolver,
            ProvenanceVerifier verifier,
            LongSupplier nanoTime,
            Config config,
            Map<String, ?> properties) {
        this.folder = folder;
        this.resolver = resolver;
        this.verifier = verifier;
        this.nanoTime = nanoTime;
        this.failures = new RateLimit(FAILURES_PER_MINUTE, nanoTime);
        this.router = new ConfiguredRouter(PID, properties, values -> router(values, config));
    }

    /** Requests that are being answered go on as they began. */
    @Modified
    void modified(Config config, Map<String, Object> properties) {
        router.update(properties, values -> router(values, config));
    }

    private Router router(ConfigurationValues values, Config config) {
        Authentication authentication = Authentication.configured(
                values, List.of(config._tokens()), config.osgi_http_whiteboard_context_select());
        int requests = values.integer("requests.per.minute", config::requests_per_minute, 1, Integer.MAX_VALUE);
        long maxUpload = (long) values.integer("max.upload", config::max_upload, 1, Integer.MAX_VALUE) << 20;
        ContentExamination examination =
                new ContentExamination(folder, verifier, maxUpload, ContentExamination.Times.STANDARD);
        return new Router(
                new Admission(authentication, new RateLimit(requests, nanoTime), failures),
                new ResolutionApi(resolver, examination).routes());
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
