package org.patchreel.remote;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.ProvenanceVerifier;
import org.patchreel.api.SourceStore;
import org.patchreel.api.VideoGenerator;
import org.patchreel.spi.AssetStore;

/** An instance of a host with this bundle, as its components are wired there. */
public final class RemoteHost implements AutoCloseable {

    private final RemoteConnection connection;
    private final RemoteGenerator generator;

    /**
     * Starts one.
     *
     * @param url of the generator
     * @param token of an editor there
     * @param store of the host; null if it has none
     */
    public RemoteHost(String url, String token, @Nullable AssetStore store) {
        this(settings(url, token, null), store);
    }

    RemoteHost(RemoteSettings settings, @Nullable AssetStore store) {
        connection = new RemoteConnection(settings);
        generator = new RemoteGenerator(connection, store, InstantSource.system());
    }

    static RemoteSettings settings(String url, String token, @Nullable SSLContext tls) {
        return new RemoteSettings(
                url,
                Optional.of(token),
                Optional.ofNullable(tls),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                3,
                Duration.ofMillis(20),
                Duration.ofMillis(50),
                1 << 20);
    }

    /** {@return the service of this type} */
    public VideoGenerator generator() {
        return generator;
    }

    /** {@return the service of this type} */
    public SourceStore sources() {
        return new RemoteSources(connection);
    }

    /** {@return the service of this type} */
    public ProvenanceVerifier verifier() {
        return new RemoteVerifier(connection);
    }

    RemoteConnection connection() {
        return connection;
    }

    /** Stops it, as an update of the bundle does. */
    @Override
    public void close() {
        generator.close();
        connection.close();
    }
}
