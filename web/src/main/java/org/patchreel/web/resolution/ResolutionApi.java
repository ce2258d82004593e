package org.patchreel.web.resolution;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Recovered;
import org.patchreel.spi.SoftBindingResolver;
import org.patchreel.spi.SoftBindingResolver.Algorithm;
import org.patchreel.web.content.ContentExamination;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;
import org.patchreel.web.http.Response;
import org.patchreel.web.http.Route;

/**
 * The operations of C2PA's Soft Binding Resolution API. A client learns which manifests a watermark or a file leads to, and
 * nothing of how surely: measures of the detector would help those who try to remove a mark. May be called from any thread.
 *
 * <p>A file leads to a manifest only if the mark was read in it and its pictures match.
 */
final class ResolutionApi {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String MANIFESTS = "/manifests/";

    private static final int DEFAULT_RESULTS = 10;
    private static final int MAX_RESULTS = 100;
    private static final int MAX_QUERY_LENGTH = 1 << 16;
    private static final int MAX_ID_LENGTH = 512;

    /** Requests that a file counts for. */
    private static final int COST_OF_A_FILE = 10;

    private final SoftBindingResolver resolver;
    private final ContentExamination examination;

    /**
     * Creates the operations.
     *
     * @param resolver leads from marks to manifests
     * @param examination examines files that are sent
     */
    ResolutionApi(SoftBindingResolver resolver, ContentExamination examination) {
        this.resolver = resolver;
        this.examination = examination;
    }

    // answers, as the specification names their parts

    private record SupportedAlgorithms(List<Alg> watermarks, List<Alg> fingerprints) {}

    private record Alg(String alg) {}

    private record Matches(List<Match> matches) {}

    private record Match(String manifestId) {}

    List<Route> routes() {
        return List.of(
                new Route("/services/supportedAlgorithms", List.of("GET"), 1, request -> supportedAlgorithms()),
                new Route("/matches/byBinding", List.of("GET", "POST"), 1, this::byBinding),
                new Route("/matches/byContent", List.of("POST"), COST_OF_A_FILE, this::byContent),
                new Route(MANIFESTS, List.of("GET"), 1, this::manifest));
    }

    private Response supportedAlgorithms() {
        List<Alg> watermarks = resolver.supportedWatermarks().stream()
                .map(algorithm -> new Alg(algorithm.name()))
                .toList();
        return Response.json(new SupportedAlgorithms(watermarks, List.of()));
    }

    private Response byBinding(Request request) throws IOException, Refusal {
        return request.method().equals("POST")
                ? byLargeBinding(request)
                : matches(
                        required(request.parameter("alg"), "alg"),
                        required(request.parameter("value"), "value"),
                        request);
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
        Algorithm algorithm = supported(alg);
        byte[] binding;
        try {
            // a plus sign that was not encoded arrives as a space
            binding = Base64.getDecoder().decode(value.replace(' ', '+'));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "the value is not in base64");
        }
        if (binding.length != algorithm.valueLength()) {
            throw new Refusal(
                    400, "a value of " + alg + " has " + algorithm.valueLength() + " bytes: " + binding.length);
        }
        return found(resolver.manifestIds(alg, binding), request);
    }

    private Algorithm supported(String alg) throws Refusal {
        return resolver.supportedWatermarks().stream()
                .filter(algorithm -> algorithm.name().equals(alg))
                .findFirst()
                .orElseThrow(
                        () -> new Refusal(400, "the algorithm is not supported; see services/supportedAlgorithms"));
    }

    private static Response found(Collection<String> manifestIds, Request request) throws Refusal {
        int most = DEFAULT_RESULTS;
        try {
            most = request.parameter("maxResults").map(Integer::valueOf).orElse(DEFAULT_RESULTS);
        } catch (NumberFormatException e) {
            most = 0;
        }
        if (most < 1) {
            throw new Refusal(400, "maxResults must be a whole number from 1 on");
        }
        return Response.json(new Matches(manifestIds.stream()
                .distinct()
                .limit(Math.min(most, MAX_RESULTS))
                .map(Match::new)
                .toList()));
    }

    private Response byContent(Request request) throws IOException, Refusal {
        Optional<String> alg = request.parameter("alg");
        if (alg.isPresent()) {
            supported(alg.get());
        }
        String type = request.header("Content-Type").orElse("");
        if (!type.startsWith("video/") && !type.startsWith("image/")) {
            throw new Refusal(415, "videos and pictures are examined, not \"" + type + "\"");
        }
        examination.checkLength(request.contentLength());
        ProvenanceReport report = examination.examine(request.body());
        return found(
                report.recovered().stream()
                        .filter(clip -> clip.markFound() && !clip.ranges().isEmpty())
                        .map(Recovered::manifestLabel)
                        .toList(),
                request);
    }

    private Response manifest(Request request) throws IOException, Refusal {
        String id = request.path().substring(MANIFESTS.length());
        if (id.isEmpty() || id.length() > MAX_ID_LENGTH) {
            throw new Refusal(400, "this is not an identifier of a manifest");
        }
        boolean activeAlone = request.parameter("returnActiveManifest")
                .map(Boolean::parseBoolean)
                .orElse(false);
        Optional<byte[]> manifest = activeAlone ? resolver.activeManifest(id) : resolver.manifestStore(id);
        return Response.bytes("application/c2pa", manifest.orElseThrow(() -> new Refusal(404, "no such manifest")));
    }
}
