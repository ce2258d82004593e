package org.patchreel.web.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request is not answered; the message is the reason, in words for the client. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** When a client may ask again whose request came at a busy time. */
    private static final long BUSY_SECONDS = 10;

    private final int status;
    private @Nullable String field;
    private final LinkedHashMap<String, String> headers = new LinkedHashMap<>();

    /**
     * Refuses a request.
     *
     * @param status code from 400 on
     * @param reason for the client
     */
    public Refusal(int status, String reason) {
        super(reason);
        this.status = status;
    }

    /** {@return 503: the same request may succeed a little later} */
    public static Refusal busy(String reason) {
        return new Refusal(503, reason).retryAfter(BUSY_SECONDS);
    }

    /** {@return 429: the client has used up its allowance; it may ask again after that number of seconds} */
    static Refusal tooMany(long seconds) {
        return new Refusal(429, "too many requests").retryAfter(seconds);
    }

    private Refusal retryAfter(long seconds) {
        return with("Retry-After", String.valueOf(seconds));
    }

    /** {@return this refusal with a header of its answer} */
    public Refusal with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /**
     * {@return this refusal, which names what was wrong}
     *
     * @param place in the request: a JSON pointer into the body, or the name of a parameter or header
     */
    public Refusal at(String place) {
        field = place;
        return this;
    }

    /** {@return what was wrong in the request, if one thing was} */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** {@return the headers of the answer} */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    /** {@return the status code} */
    public int status() {
        return status;
    }

    /** {@return what is answered} */
    Response response() {
        Response response = Response.error(status, String.valueOf(getMessage()));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            response = response.with(header.getKey(), header.getValue());
        }
        return response;
    }
}
