package org.patchreel.remote;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

/**
 * Where the generator is, and how to speak with it.
 *
 * @param url up to where {@code /patchreel/api/v1} begins, without a slash at its end
 * @param token that is sent with each request
 * @param tls with the configured certificates; empty for those of Java
 * @param connectTimeout for a connection
 * @param requestTimeout until an answer begins, and between its bytes
 * @param tries of a request that fails for a reason that may pass, 1 or more
 * @param firstPause before the second try; further ones double
 * @param pollInterval at which a job is asked for while no events come
 * @param maxSource maximum size of a picture or clip, in bytes
 */
record RemoteSettings(
        String url,
        Optional<String> token,
        Optional<SSLContext> tls,
        Duration connectTimeout,
        Duration requestTimeout,
        int tries,
        Duration firstPause,
        Duration pollInterval,
        long maxSource) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** What can stand in a header: visible ASCII. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int MAX_SECONDS = 3600;
    private static final int MAX_TRIES = 100;
    private static final int MAX_MEBIBYTES = 1 << 20;

    /**
     * Reads the configuration.
     *
     * @throws org.patchreel.spi.ConfigurationException if a value is wrong; it names it
     * @throws IOException if a key store cannot be read; the message names it
     */
    static RemoteSettings read(ConfigurationValues values, HomeFolder home, RemoteConnection.Config config)
            throws IOException {
        String token = config._token().strip();
        Optional<SSLContext> tls = CertificateStores.context(
                CertificateStores.Store.of(home, "keystore", config.keystore(), config._keystore_password()),
                CertificateStores.Store.of(home, "truststore", config.truststore(), config._truststore_password()));
        if (!token.isEmpty() && !TOKEN.matcher(token).matches()) {
            throw values.refused(".token", "expected visible ASCII characters");
        }
        if (token.isEmpty() && config.keystore().isBlank()) {
            throw values.refused(".token and keystore are empty: the generator would not know who asks");
        }
        return new RemoteSettings(
                url(values, config.url().strip()),
                token.isEmpty() ? Optional.empty() : Optional.of(token),
                tls,
                seconds(values.integer("connect.timeout", config::connect_timeout, 1, MAX_SECONDS)),
                seconds(values.integer("request.timeout", config::request_timeout, 1, MAX_SECONDS)),
                values.integer("tries", config::tries, 1, MAX_TRIES),
                FIRST_PAUSE,
                seconds(values.integer("poll.interval", config::poll_interval, 1, MAX_SECONDS)),
                (long) values.integer("max.source", config::max_source, 1, MAX_MEBIBYTES) << 20);
    }

    private static Duration seconds(int count) {
        return Duration.ofSeconds(count);
    }

    private static String url(ConfigurationValues values, String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused(values);
        }
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        boolean bare = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
        if (uri.getHost() == null || !bare || (!tls && !"http".equalsIgnoreCase(uri.getScheme()))) {
            throw refused(values);
        }
        if (!tls && !LOOPBACK.matcher(uri.getHost()).matches()) {
            throw values.refused(
                    "url",
                    "which is not on this machine: without TLS the token could be read on the way; use https://");
        }
        return text.replaceAll("/+$", "");
    }

    private static RuntimeException refused(ConfigurationValues values) {
        return values.refused("url", "expected https://HOST[:PORT][/PATH], up to where /patchreel/api/v1 begins");
    }

    /** {@return the address and the numbers, and no secret} */
    @Override
    public String toString() {
        return "RemoteSettings[" + url + ", " + tries + " tries]";
    }
}
