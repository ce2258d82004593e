package org.patchreel.web.api;

import java.util.Optional;
import java.util.Set;
import org.patchreel.api.Requester;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/**
 * Clients with tokens of a file, and browsers that have signed in with one of them or by an invitation. A browser loses its
 * session with its token, and its role changes with that of the token. Safe for use from any thread.
 *
 * @param tokens of the file
 * @param sessions of browsers
 */
record BrowserCallers(TokenFile tokens, Sessions sessions) implements Callers {

    static final String COOKIE = "patchreel-session";

    /** Whoever starts a server for themselves is its operator. */
    private static final Caller INVITED = new Caller(
            Role.OPERATOR,
            new Requester(Optional.of(Role.OPERATOR.label()), Set.of(), Optional.empty(), Optional.empty()),
            Caller.Intent.CERTAIN);

    @Override
    public Optional<Caller> find(Request request) {
        if (request.header("Authorization").isPresent()) {
            return tokens.find(request).or(() -> invited(request));
        }
        return request.cookie(COOKIE).flatMap(sessions::caller);
    }

    /** An invitation is good for signing in alone. */
    private Optional<Caller> invited(Request request) {
        return request.method().equals("POST")
                        && request.path().equals(SessionResources.PATH)
                        && TokenFile.digest(request).filter(sessions::isInvited).isPresent()
                ? Optional.of(INVITED)
                : Optional.empty();
    }

    /**
     * Signs a browser in.
     *
     * @param request has a token
     * @throws Refusal if it has none
     */
    Sessions.Ticket signIn(Request request) throws Refusal {
        byte[] digest = TokenFile.digest(request).orElseThrow(this::refusal);
        if (tokens.holder(digest).isPresent()) {
            return sessions.open(() -> tokens.holder(digest));
        }
        if (!sessions.use(digest)) {
            throw refusal();
        }
        return sessions.open(() -> Optional.of(INVITED));
    }

    @Override
    public Refusal refusal() {
        return tokens.refusal();
    }
}
