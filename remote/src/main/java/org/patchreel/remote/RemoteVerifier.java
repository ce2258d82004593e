package org.patchreel.remote;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.ContentCredentials;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceVerifier;

/** Has files examined by the generator, which has the manifests and the keys of the watermarks. */
@Component(
        service = ProvenanceVerifier.class,
        configurationPid = RemoteConnection.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = RemoteConnection.RANKING)
public final class RemoteVerifier implements ProvenanceVerifier {

    /** The generator gives a file ten minutes to arrive, one to wait and two to be examined. */
    private static final Duration EXAMINATION = Duration.ofMinutes(13);

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};

    private final RemoteConnection connection;

    /**
     * Creates the service; asks nothing yet.
     *
     * @param connection to the generator
     */
    @Activate
    public RemoteVerifier(@Reference RemoteConnection connection) {
        this.connection = connection;
    }

    @Override
    public ProvenanceReport verify(Path file) throws IOException {
        return ReportJson.read(new JsonFields(answer("/verify", file), "the report"));
    }

    @Override
    public ContentCredentials contentCredentials(Path file) throws IOException {
        JsonNode document = answer("/verify?format=crjson", file);
        if (!document.path("manifests").isArray()) {
            throw new JsonFields(document, "the document").wrong("manifests", "an array");
        }
        return new ContentCredentials(JSON.convertValue(document, DOCUMENT));
    }

    private JsonNode answer(String path, Path file) throws IOException {
        if (!Files.exists(Objects.requireNonNull(file, "file"))) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new FileSystemException(file.toString(), null, "no file that can be read");
        }
        return connection
                .api()
                .json(Call.of("POST", path)
                        .sending("application/octet-stream", BodyPublishers.ofFile(file), EXAMINATION));
    }
}
