package org.patchreel.web.detector;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
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
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.http.Admission;
import org.patchreel.web.http.ConfiguredRouter;
import org.patchreel.web.http.Endpoint;
import org.patchreel.web.http.RateLimit;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Router;

/** The detector as it is configured: how often, and how much. May be called from any thread. */
@Component(
        service = {Detector.class, ComponentStatus.class},
        configurationPid = Detector.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Detector.Config.class)
public final class Detector implements Endpoint, ComponentStatus {

    static final String PID = "org.patchreel.detector";

    /** Name and paths of the servlets. */
    static final String SERVLET_NAME = "osgi.http.whiteboard.servlet.name=org.patchreel.detector";

    static final String SERVLET_PATTERN = "osgi.http.whiteboard.servlet.pattern=/patchreel/detector/*";

    /** Requests that a file counts for: the files of the page are nearly free. */
    static final int COST_OF_A_FILE = 20;

    @ObjectClassDefinition(
            name = "Patchreel detector",
            description = "A page at /patchreel/detector/ that tells everybody whether a file is from here, without an"
                    + " account. Off until it is configured. Files that are sent are deleted with the answer")
    @interface Config {
        @AttributeDefinition(
                name = "files.per.minute",
                description = "Files a minute from one address; behind a proxy all clients may have one address",
                min = "1")
        int files_per_minute() default 6;

        @AttributeDefinition(name = "max.upload", description = "The largest file that may be sent, in MiB", min = "1")
        int max_upload() default 200;
    }

    private final Path folder;
    private final ProvenanceVerifier verifier;
    private final LongSupplier nanoTime;
    private final ConfiguredRouter router;

    /**
     * Creates the service.
     *
     * @param context has the folder for files that are sent
     * @param verifier examines them
     * @param config how much may be asked
     * @param properties of the component
     */
    @Activate
    public Detector(
            BundleContext context,
            @Reference ProvenanceVerifier verifier,
            Config config,
            Map<String, Object> properties) {
        this(context.getDataFile("detector").toPath(), verifier, System::nanoTime, config, properties);
        ContentExamination.removeLeftovers(
                folder,
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    Detector(
            Path folder, ProvenanceVerifier verifier, LongSupplier nanoTime, Config config, Map<String, ?> properties) {
        this.folder = folder;
        this.verifier = verifier;
        this.nanoTime = nanoTime;
        this.router = new ConfiguredRouter(PID, properties, values -> router(values, config));
    }

    /** Requests that are being answered go on as they began. */
    @Modified
    void modified(Config config, Map<String, Object> properties) {
        router.update(properties, values -> router(values, config));
    }

    private Router router(ConfigurationValues values, Config config) {
        int files = values.integer("files.per.minute", config::files_per_minute, 1, 1_000_000);
        long maxUpload = (long) values.integer("max.upload", config::max_upload, 1, Integer.MAX_VALUE) << 20;
        RateLimit limit = new RateLimit((double) files * COST_OF_A_FILE, nanoTime);
        return new Router(
                new Admission(new Everybody(), limit, limit),
                new DetectorPage(new ContentExamination(folder, verifier, maxUpload, ContentExamination.Times.STANDARD))
                        .routes());
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
