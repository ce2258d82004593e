package org.patchreel.remote;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
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
        if (!Files.exists(Objects.requireNonNull(file, "file"))) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new FileSystemException(file.toString(), null, "no file that can be read");
        }
        Call call = Call.of("POST", "/verify")
                .sending("application/octet-stream", BodyPublishers.ofFile(file), EXAMINATION);
        return ReportJson.read(new JsonFields(connection.api().json(call), "the report"));
    }
}
