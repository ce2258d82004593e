package org.patchreel.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What failures of a connection mean. */
final class Failures {

    private static final int MAX_LENGTH = 500;

    private Failures() {}

    /**
     * {@return what an exchange that broke off means}
     *
     * @param generator names the other side
     * @param failure of the exchange
     * @param patience within which it had to begin to answer
     */
    static RemoteFailure of(String generator, IOException failure, Duration patience) {
        if (failure instanceof RemoteFailure known) {
            return known;
        }
        @Nullable SSLException tls = find(failure, SSLException.class);
        if (tls != null) {
            return RemoteFailure.lasting(
                    generator + ": no trusted connection, look at the certificates of both sides: " + describe(tls),
                    failure);
        }
        if (failure instanceof HttpConnectTimeoutException || find(failure, ConnectException.class) != null) {
            boolean unknown = find(failure, UnresolvedAddressException.class) != null;
            return RemoteFailure.passing(
                    generator + " cannot be reached: " + (unknown ? "unknown host" : describe(failure)), failure);
        }
        if (failure instanceof HttpTimeoutException) {
            return RemoteFailure.passing(
                    generator + " has not answered within " + patience.toSeconds() + " s", failure);
        }
        return RemoteFailure.passing(generator + ": the connection broke off: " + describe(failure), failure);
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }

    /** {@return a failure in one line} */
    static String describe(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                return line(each.getMessage());
            }
        }
        return failure.getClass().getSimpleName();
    }

    /** {@return what others wrote, as one line that is not too long} */
    static String line(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
