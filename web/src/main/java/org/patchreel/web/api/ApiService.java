package org.patchreel.web.api;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.Exports;
import org.patchreel.api.Jobs;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.Reviews;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.http.Admission;
import org.patchreel.web.http.Authentication;
import org.patchreel.web.http.ConfiguredRouter;
import org.patchreel.web.http.Endpoint;
import org.patchreel.web.http.RateLimit;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Router;

/** The API as it is configured: who may ask, and how much. May be called from any thread. */
@Component(
        service = {ApiService.class, ComponentStatus.class},
        configurationPid = ApiService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ApiService.Config.class)
public final class ApiService implements Endpoint, ComponentStatus {

    /** The configuration, without which there are neither the API nor its page. */
    public static final String PID = "org.patchreel.api";

    /** Name and paths of the servlets. */
    static final String SERVLET_NAME = "osgi.http.whiteboard.servlet.name=org.patchreel.api";

    static final String SERVLET_PATTERN = "osgi.http.whiteboard.servlet.pattern=/patchreel/api/v1/*";

    static final String SERVLET_ASYNC = "osgi.http.whiteboard.servlet.asyncSupported:Boolean=true";

    /** Requests without a known token or user that an address may send. */
    private static final int FAILURES_PER_MINUTE = 10;

    private static final String EXPORTS = "exports";

    /** Bodies that are read at the same time; each keeps a thread of the host. */
    private static final int REQUESTS_AT_ONCE = 16;

    private static final int UPLOADS_AT_ONCE = 4;

    @ObjectClassDefinition(
            name = "Patchreel API",
            description =
                    "The API at /patchreel/api/v1, described by its openapi.json. Off until it is configured: with a"
                            + " context of the host that authenticates, or with tokens, which a file of the home folder has")
    @interface Config {
        @AttributeDefinition(
                description = "Filter that selects a servlet context of the host, which then authenticates the users,"
                        + " for example (osgi.http.whiteboard.context.name=org.apache.sling); viewers, editors and operators"
                        + " name those who may ask. Empty to let in clients with tokens")
        String osgi_http_whiteboard_context_select() default "";

        @AttributeDefinition(
                name = "token.file",
                description =
                        "File of tokens, a line ROLE NAME TOKEN each, of the roles viewer, editor and operator; it is"
                                + " made with one of each if it is missing, and only its owner may read it. A relative one is taken from"
                                + " the framework property patchreel.home, else from the working directory. Not used where the host"
                                + " authenticates")
        String token_file() default "api-tokens";

        @AttributeDefinition(
                description = "Users of the host who may look: their names, group:NAME for a group, * for every user")
        String[] viewers() default {};

        @AttributeDefinition(
                description = "Users of the host who may submit jobs, too, and cancel their own: as viewers")
        String[] editors() default {};

        @AttributeDefinition(
                description =
                        "Users of the host who may cancel all jobs, too, pause the queue and read all usage: as viewers")
        String[] operators() default {};

        @AttributeDefinition(
                name = "requests.per.minute",
                description = "Requests a minute of one user or token; an upload or examination counts for ten",
                min = "1")
        int requests_per_minute() default 600;

        @AttributeDefinition(
                name = "max.upload",
                description = "The largest file that may be sent to be verified, in MiB",
                min = "1")
        int max_upload() default 512;

        @AttributeDefinition(
                name = "streams.max",
                description = "Maximum number of streams of events at a time; 16 of one user or token",
                min = "0")
        int streams_max() default 64;
    }

    /**
     * What the API offers.
     *
     * @param jobs of the installation
     * @param generator knows the assets
     * @param sources keeps pictures and clips
     * @param exports hand clips over
     * @param reviews keep what people decide of assets
     * @param verifier examines files
     * @param services has models and the status of components
     */
    record Offered(
            Jobs jobs,
            VideoGenerator generator,
            SourceStore sources,
            Exports exports,
            Reviews reviews,
            ProvenanceVerifier verifier,
            Services services) {}

    private final Path folder;
    private final HomeFolder home;
    private final Offered offered;
    private final LongSupplier nanoTime;
    private final Duration bodyTime;
    private final RateLimit failures;
    private final EventHub hub;
    private final Sessions sessions;
    private final ConfiguredRouter router;

    /**
     * Creates the service.
     *
     * @param context has the folder for files that are sent, and the services
     * @param jobs of the installation
     * @param generator knows the assets
     * @param sources keeps pictures and clips
     * @param exports hand clips over
     * @param reviews keep what people decide of assets
     * @param verifier examines files
     * @param config who may ask, and how much
     * @param properties of the component
     */
    @Activate
    public ApiService(
            BundleContext context,
            @Reference Jobs jobs,
            @Reference VideoGenerator generator,
            @Reference SourceStore sources,
            @Reference Exports exports,
            @Reference Reviews reviews,
            @Reference ProvenanceVerifier verifier,
            Config config,
            Map<String, Object> properties) {
        this(
                context.getDataFile("api").toPath(),
                HomeFolder.of(context),
                new Offered(jobs, generator, sources, exports, reviews, verifier, Services.of(context)),
                System::nanoTime,
                Duration.ofSeconds(30),
                EventHub.Times.STANDARD,
                config,
                properties);
        ExportResources.removeLeftovers(folder.resolve(EXPORTS));
        ContentExamination.removeLeftovers(
                folder,
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    ApiService(
            Path folder,
            HomeFolder home,
            Offered offered,
            LongSupplier nanoTime,
            Duration bodyTime,
            EventHub.Times eventTimes,
            Config config,
            Map<String, ?> properties) {
        this.folder = folder;
        this.home = home;
        this.offered = offered;
        this.nanoTime = nanoTime;
        this.bodyTime = bodyTime;
        this.failures = new RateLimit(FAILURES_PER_MINUTE, nanoTime);
        this.sessions = new Sessions(nanoTime);
        this.hub = new EventHub(offered.jobs(), System.currentTimeMillis(), eventTimes);
        this.router = new ConfiguredRouter(PID, properties, values -> router(values, config), ProblemDetails::of);
    }

    /** Requests that are being answered, and streams of events, go on as they began. */
    @Modified
    void modified(Config config, Map<String, Object> properties) {
        router.update(properties, values -> router(values, config));
    }

    @Deactivate
    void close() {
        hub.close();
    }

    private Router router(ConfigurationValues values, Config config) throws IOException {
        Optional<BrowserCallers> browsers = browsers(values, config);
        Callers callers = browsers.isPresent() ? browsers.get() : hostCallers(values, config);
        int requests = values.integer("requests.per.minute", config::requests_per_minute, 1, Integer.MAX_VALUE);
        long maxUpload = (long) values.integer("max.upload", config::max_upload, 1, Integer.MAX_VALUE) << 20;
        int streams = values.integer("streams.max", config::streams_max, 0, 10_000);
        Incoming small = new Incoming(REQUESTS_AT_ONCE, bodyTime);
        JobResources jobs = new JobResources(offered.jobs(), small);
        Api api = new Api(
                callers,
                new SessionResources(browsers),
                jobs,
                new RequestResources(offered.generator(), small),
                new EventResources(offered.jobs(), hub, streams),
                new AssetResources(offered.generator(), offered.jobs(), offered.exports()),
                new ReviewResources(offered.generator(), offered.reviews(), small),
                new SourceResources(
                        offered.sources(), new Incoming(UPLOADS_AT_ONCE, ContentExamination.Times.STANDARD.arriving())),
                new ExportResources(folder.resolve(EXPORTS), offered.generator(), offered.exports()),
                new InstallationResources(
                        offered.services(),
                        offered.jobs(),
                        jobs,
                        new ContentExamination(
                                folder, offered.verifier(), maxUpload, ContentExamination.Times.STANDARD)));
        return new Router(
                new Admission(callers, new RateLimit(requests, nanoTime), failures), api.routes(), ProblemDetails::of);
    }

    private static Map<Role, List<String>> members(Config config) {
        return Map.of(
                Role.VIEWER, List.of(config.viewers()),
                Role.EDITOR, List.of(config.editors()),
                Role.OPERATOR, List.of(config.operators()));
    }

    private static boolean isEmpty(Map<Role, List<String>> members) {
        return members.values().stream().allMatch(List::isEmpty);
    }

    private Optional<BrowserCallers> browsers(ConfigurationValues values, Config config) throws IOException {
        if (!config.osgi_http_whiteboard_context_select().isBlank()) {
            return Optional.empty();
        }
        if (!isEmpty(members(config))) {
            throw values.refused(
                    Authentication.CONTEXT,
                    "expected a filter that selects a context which authenticates the viewers, editors and operators");
        }
        return Optional.of(new BrowserCallers(TokenFile.open(tokens(values, config.token_file())), sessions));
    }

    private static Callers hostCallers(ConfigurationValues values, Config config) {
        Map<Role, List<String>> members = members(config);
        try {
            FrameworkUtil.createFilter(config.osgi_http_whiteboard_context_select());
        } catch (InvalidSyntaxException e) {
            throw values.refused(
                    Authentication.CONTEXT,
                    "expected a filter such as (osgi.http.whiteboard.context.name=org.apache.sling)");
        }
        if (isEmpty(members)) {
            throw values.refused("viewers", "expected users who may ask, here or in editors or operators");
        }
        return new HostCallers(members);
    }

    private Path tokens(ConfigurationValues values, String file) {
        try {
            if (!file.isBlank()) {
                return home.resolve(file).normalize();
            }
        } catch (InvalidPathException e) {
            // refused below
        }
        throw values.refused("token.file", "expected a file");
    }

    @Override
    public Optional<Problem> problem() {
        return router.problem();
    }

    /**
     * {@return a token with which one browser can sign in as an operator, once, within ten minutes; it is of no use where the host
     * authenticates}
     */
    public String invite() {
        return sessions.invite();
    }

    @Override
    public Response answer(Request request) {
        return router.answer(request);
    }
}
