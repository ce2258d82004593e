package org.patchreel.remote;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A request that may be sent again.
 *
 * @param method of HTTP
 * @param path below the API's address, encoded
 * @param headers names and values in turns
 * @param body can be sent more than once
 * @param sending time that the body may take, beside that for the answer
 */
record Call(String method, String path, List<String> headers, BodyPublisher body, Duration sending) {

    static Call get(String path) {
        return of("GET", path);
    }

    static Call of(String method, String path) {
        return new Call(method, path, List.of(), BodyPublishers.noBody(), Duration.ZERO);
    }

    Call with(String header, String value) {
        List<String> all = new ArrayList<>(headers);
        all.add(header);
        all.add(value);
        return new Call(method, path, List.copyOf(all), body, sending);
    }

    Call sending(String mediaType, BodyPublisher content, Duration time) {
        return new Call(method, path, headers, content, time).with("Content-Type", mediaType);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
