package org.patchreel.web.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** Clients that have one of several secret tokens (RFC 6750). */
final class BearerTokens implements Authentication {

    /** Characters of a token: shorter ones could be guessed. */
    static final int MIN_LENGTH = 16;

    private static final String SCHEME = "Bearer ";

    private final List<byte[]> tokens;

    BearerTokens(List<String> tokens) {
        this.tokens = tokens.stream().map(BearerTokens::utf8).toList();
    }

    /** {@return which of the tokens the request has, in words; empty if it has none} */
    @Override
    public Optional<String> caller(Request request) {
        byte[] given = request.header("Authorization")
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> utf8(header.substring(SCHEME.length()).strip()))
                .orElse(new byte[0]);
        Optional<String> known = Optional.empty();
        for (int i = 0; i < tokens.size(); i++) {
            // all are compared, each in constant time, so that the time tells nothing
            if (MessageDigest.isEqual(tokens.get(i), given)) {
                known = Optional.of("token " + i);
            }
        }
        return known;
    }

    @Override
    public Refusal refusal() {
        return new Refusal(401, "a bearer token is needed").with("WWW-Authenticate", "Bearer");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
