package org.patchreel.broker.jms;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a broker listens: {@code tcp://HOST:PORT} or {@code ssl://HOST:PORT}. Without TLS passwords and clips could be read on
 * the way, so that {@code tcp} is for one machine alone.
 *
 * @param tls whether the connection is encrypted
 * @param host name or number, an IPv6 one in brackets
 * @param port 0 to 65535; 0 lets the system choose one to listen at
 */
public record BrokerAddress(boolean tls, String host, int port) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern FAILOVER = Pattern.compile("failover:\\(([^()?]*)\\)");
    private static final int MAX_PORT = 65535;

    /**
     * Reads an address.
     *
     * @param text of the address
     * @return the address
     * @throws IllegalArgumentException if it is none, or {@code tcp} beyond this machine; the message names it
     */
    public static BrokerAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw refused(text);
        }
        boolean tls = "ssl".equals(uri.getScheme());
        boolean plain = !tls && !"tcp".equals(uri.getScheme());
        if (plain || uri.getHost() == null || uri.getPort() < 0 || uri.getPort() > MAX_PORT || !bare(uri)) {
            throw refused(text);
        }
        BrokerAddress address = new BrokerAddress(tls, uri.getHost(), uri.getPort());
        if (!tls && !address.isLoopback()) {
            throw new IllegalArgumentException(
                    text + " is not on this machine: without TLS passwords and clips could be"
                            + " read on the way; use ssl://");
        }
        return address;
    }

    private static boolean bare(URI uri) {
        return uri.getUserInfo() == null
                && uri.getQuery() == null
                && uri.getFragment() == null
                && uri.getPath().isEmpty();
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "not the address of a broker: " + text + ", expected ssl://HOST:PORT, or tcp://127.0.0.1:PORT");
    }

    /**
     * Reads the addresses of one broker.
     *
     * @param text an address, several with commas, or {@code failover:(ADDRESS,ADDRESS)}
     * @return one or more, to be tried in turn
     * @throws IllegalArgumentException as {@link #parse}
     */
    public static List<BrokerAddress> parseAll(String text) {
        Matcher failover = FAILOVER.matcher(text.strip());
        List<BrokerAddress> addresses = new ArrayList<>();
        for (String each : (failover.matches() ? failover.group(1) : text).split(",", -1)) {
            addresses.add(parse(each));
        }
        return List.copyOf(addresses);
    }

    /** {@return whether only this machine can reach it} */
    public boolean isLoopback() {
        return LOOPBACK.matcher(host).matches();
    }

    /** {@return the form that {@link #parse} reads} */
    @Override
    public String toString() {
        return (tls ? "ssl://" : "tcp://") + host + ":" + port;
    }
}
