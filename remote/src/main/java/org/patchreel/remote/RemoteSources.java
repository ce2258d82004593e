package org.patchreel.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;

/**
 * The generator's store of pictures and clips. A file is uploaded unless it is there already; until its digest is known it lies in a
 * temporary file of this machine.
 */
@Component(
        service = SourceStore.class,
        configurationPid = RemoteConnection.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = RemoteConnection.RANKING)
public final class RemoteSources implements SourceStore {

    /** The generator gives an upload as long. */
    private static final Duration UPLOAD = Duration.ofMinutes(10);

    private static final int NOT_FOUND = 404;
    private static final int TOO_LARGE = 413;
    private static final int NO_ROOM = 507;
    private static final int BUFFER = 1 << 16;

    private final RemoteConnection connection;

    /**
     * Creates the service; asks nothing yet.
     *
     * @param connection to the generator
     */
    @Activate
    public RemoteSources(@Reference RemoteConnection connection) {
        this.connection = connection;
    }

    @Override
    public Media.Upload put(InputStream content, String name) throws IOException {
        RemoteApi api = connection.api();
        Path file = Files.createTempFile("patchreel-source", "");
        try {
            Media.Upload upload =
                    new Media.Upload(receive(content, name, file, api.settings().maxSource()), name);
            if (!contains(upload.sha256())) {
                send(api, upload, file);
            }
            return upload;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String receive(InputStream content, String name, Path file, long max) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        long size = 0;
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                size += read;
                if (size > max) {
                    throw new TooLargeException(
                            name + " is larger than " + (max >> 20) + " MiB, the limit of a source");
                }
                out.write(buffer, 0, read);
            }
        }
        if (size == 0) {
            throw new IllegalArgumentException(name + " is empty");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void send(RemoteApi api, Media.Upload upload, Path file) throws IOException {
        Call call = Call.of("PUT", "/sources/" + upload.sha256())
                .sending("application/octet-stream", BodyPublishers.ofFile(file), UPLOAD);
        try {
            api.send(call, RemoteApi::discard);
        } catch (RemoteFailure e) {
            switch (e.status()) {
                case TOO_LARGE ->
                    throw new TooLargeException(upload.name() + " is too large for " + api.name() + ": " + e.detail());
                case NO_ROOM ->
                    throw new FullException(upload.name() + " has no room at " + api.name() + ": " + e.detail());
                default -> throw e;
            }
        }
    }

    @Override
    public boolean contains(String sha256) throws IOException {
        if (!Objects.requireNonNull(sha256, "sha256").matches("[0-9a-f]{64}")) {
            return false;
        }
        try {
            connection.api().send(Call.of("HEAD", "/sources/" + sha256), RemoteApi::discard);
            return true;
        } catch (RemoteFailure e) {
            if (e.status() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IOException always if it is kept: the generator's policies look at it, and it is not sent back
     */
    @Override
    public Optional<InputStream> open(String sha256) throws IOException {
        if (contains(sha256)) {
            throw new IOException(connection.api().name() + " keeps source " + sha256 + " and does not send it back");
        }
        return Optional.empty();
    }

    /** {@inheritDoc} That of this side: the generator may take less. */
    @Override
    public long maxBytes() {
        try {
            return connection.api().settings().maxSource();
        } catch (RemoteFailure e) {
            return 0; // nothing can be uploaded
        }
    }
}
