package org.patchreel.impl.resolution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.Settings;
import org.patchreel.spi.Watermarker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of the Soft Binding Resolution API. A client learns which manifests a watermark or a file leads to,
 * and nothing of how surely: measures of the detector would help those who try to remove a mark. May be called from any
 * thread.
 *
 * <p>A file leads to a manifest only if the mark was read in it and its pictures match.
 */
@Component(
        service = {ResolutionService.class, ComponentStatus.class},
        configurationPid = ResolutionService.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ResolutionService.Config.class)
public final class ResolutionService implements ComponentStatus {

    static final String PID = "org.patchreel.resolution";

    /** Service property of a servlet that puts it into a context of the host, which then authenticates. */
    static final String CONTEXT = "osgi.http.whiteboard.context.select";

    private static final Logger LOG = LoggerFactory.getLogger(ResolutionService.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String SUPPORTED_ALGORITHMS = "/services/supportedAlgorithms";
    private static final String BY_BINDING = "/matches/byBinding";
    private static final String BY_CONTENT = "/matches/byContent";
    private static final String MANIFESTS = "/manifests/";

    private static final int DEFAULT_RESULTS = 10;
    private static final int MAX_RESULTS = 100;
    private static final int MAX_QUERY_LENGTH = 1 << 16;
    private static final int MAX_ID_LENGTH = 512;

    /** Characters of a token: shorter ones could be guessed. */
    private static final int MIN_TOKEN = 16;

    /** Requests that a file counts for. */
    private static final int COST_OF_A_FILE = 10;

    private static final long BUSY_SECONDS = 10;

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

    /** Who may ask, and how much. */
    private record Terms(List<byte[]> tokens, RateLimit limit, long maxUpload, ContentExamination examination) {}

    private final ManifestRepository store;
    private final ProvenanceVerifier verifier;
    private final String algorithm;
    private final RateLimit failures;
    private final LongSupplier nanoTime;
    private final Path folder;
    private final Settings<Terms> settings;

    /**
     * Creates the service.
     *
     * @param context has the folder for files that are sent
     * @param store remembers the manifests
     * @param verifier examines files that are sent
     * @param watermarker names the algorithm
     * @param config who may ask, and how much
     * @param properties of the component
     */
    @Activate
    public ResolutionService(
            BundleContext context,
            @Reference ManifestRepository store,
            @Reference ProvenanceVerifier verifier,
            @Reference Watermarker watermarker,
            Config config,
            Map<String, Object> properties) {
        this(
                context.getDataFile("resolution").toPath(),
                store,
                verifier,
                watermarker.algorithm(),
                System::nanoTime,
                config,
                properties);
        removeLeftovers();
    }

    ResolutionService(
            Path folder,
            ManifestRepository store,
            ProvenanceVerifier verifier,
            String algorithm,
            LongSupplier nanoTime,
            Config config,
            Map<String, ?> properties) {
        this.store = store;
        this.verifier = verifier;
        this.algorithm = algorithm;
        this.failures = new RateLimit(FAILURES_PER_MINUTE, nanoTime);
        this.nanoTime = nanoTime;
        this.folder = folder;
        this.settings = new Settings<>(PID, properties, values -> terms(values, config));
        warn();
    }

    /** Requests that are being answered go on as they began. */
    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> terms(values, config));
        warn();
    }

    private Terms terms(ConfigurationValues values, Config config) {
        List<String> tokens = List.of(config._tokens());
        String select = config.osgi_http_whiteboard_context_select();
        if (tokens.isEmpty() && select.isBlank()) {
            throw values.refused(
                    CONTEXT,
                    "expected a filter that selects a context which authenticates: without one, and without .tokens,"
                            + " anybody could ask");
        }
        if (!select.isBlank()) {
            try {
                FrameworkUtil.createFilter(select);
            } catch (InvalidSyntaxException e) {
                throw values.refused(
                        CONTEXT, "expected a filter such as (osgi.http.whiteboard.context.name=org.apache.sling)");
            }
        }
        if (tokens.stream().anyMatch(token -> token.length() < MIN_TOKEN)) {
            throw values.refused(".tokens", "expected " + MIN_TOKEN + " characters or more of each token");
        }
        int requests = values.integer("requests.per.minute", config::requests_per_minute, 1, Integer.MAX_VALUE);
        long maxUpload = (long) values.integer("max.upload", config::max_upload, 1, Integer.MAX_VALUE) << 20;
        return new Terms(
                tokens.stream().map(ResolutionService::utf8).toList(),
                new RateLimit(requests, nanoTime),
                maxUpload,
                new ContentExamination(folder, verifier, maxUpload, ContentExamination.Times.STANDARD));
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /** Removes what was being examined when an earlier process was killed; this one's files are younger than it is. */
    private void removeLeftovers() {
        removeLeftovers(
                folder,
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }

    static void removeLeftovers(Path folder, Instant start) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, ContentExamination.UPLOAD + "*")) {
            for (Path file : left) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(start)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("{}: what an earlier process left cannot be removed: {}", folder, e.toString());
        }
    }

    /** Answers a request; what goes wrong is part of the answer. */
    Response answer(Request request) {
        Terms terms;
        try {
            terms = settings.get();
        } catch (ConfigurationException e) {
            // what is wrong with it is for the operator, who is told by the log and by doctor
            return Response.error(503, "the service is not configured");
        }
        // Who asks comes first: behind a proxy all clients have one address, and strangers must not use up their
        // allowance.
        Optional<String> caller = terms.tokens().isEmpty() ? request.user() : token(terms.tokens(), request);
        if (caller.isEmpty()) {
            long wait = failures.take(request.client(), 1);
            return wait > 0 ? tooMany(wait) : unauthenticated(terms);
        }
        boolean file = request.path().equals(BY_CONTENT);
        long wait = terms.limit().take(caller.get(), file ? COST_OF_A_FILE : 1);
        if (wait > 0) {
            return tooMany(wait);
        }
        try {
            return route(terms, request);
        } catch (Refusal refusal) {
            Response response = Response.error(refusal.status, refusal.reason);
            return refusal.status == 503 ? response.with("Retry-After", String.valueOf(BUSY_SECONDS)) : response;
        } catch (IOException | RuntimeException e) {
            // what a client chose has no place in the log: neither its path, which has been decoded, nor a stack trace
            // for each request
            LOG.error("{} failed: {}", operation(request), PrintableText.of(e.toString()));
            LOG.debug("The failure of a request", e);
            return Response.error(500, "the request failed");
        }
    }

    /** {@return what was asked for, without anything that the client chose} */
    private static String operation(Request request) {
        return Stream.of(SUPPORTED_ALGORITHMS, BY_BINDING, BY_CONTENT, MANIFESTS)
                .filter(request.path()::startsWith)
                .findFirst()
                .orElse("a request");
    }

    private static Response tooMany(long seconds) {
        return Response.error(429, "too many requests").with("Retry-After", String.valueOf(seconds));
    }

    private static Response unauthenticated(Terms terms) {
        return terms.tokens().isEmpty()
                ? Response.error(403, "a user of the host is needed, not an anonymous request")
                : Response.error(401, "a bearer token is needed").with("WWW-Authenticate", "Bearer");
    }

    /** {@return which of the tokens the request has, in words; empty if it has none} */
    private static Optional<String> token(List<byte[]> tokens, Request request) {
        byte[] given = request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(header -> utf8(header.substring(7).strip()))
                .orElse(new byte[0]);
        Optional<String> known = Optional.empty();
        for (int i = 0; i < tokens.size(); i++) {
            // all are compared, each in constant time, so that the time tells nothing
            if (MessageDigest.isEqual(tokens.get(i), given)) {
                known = Optional.of("token " + i);
            }
        }
        return known;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Response route(Terms terms, Request request) throws IOException, Refusal {
        String path = request.path();
        if (path.equals(SUPPORTED_ALGORITHMS)) {
            allow(request, "GET");
            return Response.json(Map.of("watermarks", List.of(Map.of("alg", algorithm)), "fingerprints", List.of()));
        }
        if (path.equals(BY_BINDING)) {
            allow(request, "GET", "POST");
            return request.method().equals("POST") ? byLargeBinding(request) : byBinding(request);
        }
        if (path.equals(BY_CONTENT)) {
            allow(request, "POST");
            return byContent(terms, request);
        }
        if (path.startsWith(MANIFESTS)) {
            allow(request, "GET");
            return manifest(path.substring(MANIFESTS.length()), request);
        }
        throw new Refusal(404, "there is nothing here");
    }

    private static void allow(Request request, String... methods) throws Refusal {
        if (!List.of(methods).contains(request.method())) {
            throw new Refusal(405, "only " + String.join(" and ", methods) + " are understood here");
        }
    }

    private Response byBinding(Request request) throws IOException, Refusal {
        return matches(
                required(request.parameter("alg"), "alg"), required(request.parameter("value"), "value"), request);
    }

    private static String required(Optional<String> parameter, String name) throws Refusal {
        return parameter.orElseThrow(() -> new Refusal(400, "parameter " + name + " is missing"));
    }

    private Response byLargeBinding(Request request) throws IOException, Refusal {
        byte[] body;
        try (InputStream in = request.body()) {
            body = in.readNBytes(MAX_QUERY_LENGTH + 1);
        }
        if (body.length > MAX_QUERY_LENGTH) {
            throw new Refusal(413, "a query has at most " + MAX_QUERY_LENGTH + " bytes");
        }
        JsonNode query;
        try {
            query = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw new Refusal(400, "the query is not JSON");
        }
        return matches(text(query, "alg"), text(query, "value"), request);
    }

    private static String text(@Nullable JsonNode query, String name) throws Refusal {
        JsonNode value = query == null ? null : query.get(name);
        if (value == null || !value.isTextual()) {
            throw new Refusal(400, "the query has no text " + name);
        }
        return value.textValue();
    }

    private Response matches(String alg, String value, Request request) throws IOException, Refusal {
        checkAlgorithm(alg);
        byte[] id;
        try {
            // a plus sign that was not encoded arrives as a space
            id = Base64.getDecoder().decode(value.replace(' ', '+'));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "the value is not in base64");
        }
        if (id.length != StoredManifest.WATERMARK_ID_BYTES) {
            throw new Refusal(
                    400, "a value of " + alg + " has " + StoredManifest.WATERMARK_ID_BYTES + " bytes: " + id.length);
        }
        return found(
                store.findByWatermark(id).stream()
                        .map(StoredManifest::manifestLabel)
                        .toList(),
                request);
    }

    private void checkAlgorithm(String alg) throws Refusal {
        if (!alg.equals(algorithm)) {
            throw new Refusal(400, "the algorithm is not supported; see services/supportedAlgorithms");
        }
    }

    private static Response found(List<String> labels, Request request) throws Refusal {
        int most = DEFAULT_RESULTS;
        try {
            most = request.parameter("maxResults").map(Integer::valueOf).orElse(DEFAULT_RESULTS);
        } catch (NumberFormatException e) {
            most = 0;
        }
        if (most < 1) {
            throw new Refusal(400, "maxResults must be a whole number from 1 on");
        }
        Set<String> unique = new LinkedHashSet<>(labels);
        return Response.json(Map.of(
                "matches",
                unique.stream()
                        .limit(Math.min(most, MAX_RESULTS))
                        .map(label -> Map.of("manifestId", label))
                        .toList()));
    }

    private Response byContent(Terms terms, Request request) throws IOException, Refusal {
        Optional<String> alg = request.parameter("alg");
        if (alg.isPresent()) {
            checkAlgorithm(alg.get());
        }
        String type = request.header("Content-Type").orElse("");
        if (!type.startsWith("video/") && !type.startsWith("image/")) {
            throw new Refusal(415, "videos and pictures are examined, not \"" + type + "\"");
        }
        if (request.contentLength() > terms.maxUpload()) {
            throw new Refusal(413, "a file has at most " + terms.maxUpload() + " bytes");
        }
        ProvenanceReport report = terms.examination().examine(request.body());
        List<String> labels = report.recovered().stream()
                .filter(clip -> clip.markFound() && !clip.ranges().isEmpty())
                .map(Recovered::manifestLabel)
                .toList();
        return found(labels, request);
    }

    private Response manifest(String id, Request request) throws IOException, Refusal {
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new Refusal(400, "this is not an identifier of a manifest");
        }
        byte[] manifest = store.findByLabel(id).stream()
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "no such manifest"))
                .manifest();
        boolean activeAlone = request.parameter("returnActiveManifest")
                .map(Boolean::parseBoolean)
                .orElse(false);
        return Response.bytes("application/c2pa", activeAlone ? active(manifest) : manifest);
    }

    /** The last manifest of a store is the active one (C2PA 2.2, 11.1.4.2). */
    private static byte[] active(byte[] store) throws IOException {
        List<JumbfBox.Super> manifests;
        try {
            manifests = JumbfReader.read(ByteBuffer.wrap(store)).superBoxes();
        } catch (JumbfException e) {
            throw new IOException("a stored manifest is damaged: " + e.getMessage(), e);
        }
        if (manifests.isEmpty()) {
            throw new IOException("a stored manifest store is empty");
        }
        ByteBuffer active = manifests.get(manifests.size() - 1).raw().duplicate();
        byte[] bytes = new byte[active.remaining()];
        active.get(bytes);
        return bytes;
    }
}
