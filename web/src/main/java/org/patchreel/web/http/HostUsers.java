package org.patchreel.web.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users whom the host's servlet context has authenticated. */
final class HostUsers implements Authentication {

    /** What Sling and others name a user who has not said who they are. */
    private static final String ANONYMOUS = "anonymous";

    /**
     * Reads what a servlet context tells of a user. Sling lets anonymous requests in, with {@value #ANONYMOUS} as the remote
     * user and without an authentication type.
     *
     * @return the user; empty if nobody was authenticated
     */
    static Optional<String> user(@Nullable String remoteUser, @Nullable String authenticationType) {
        return authenticationType == null || remoteUser == null || remoteUser.isBlank() || remoteUser.equals(ANONYMOUS)
                ? Optional.empty()
                : Optional.of(remoteUser);
    }

    @Override
    public Optional<String> caller(Request request) {
        return request.user();
    }

    @Override
    public Refusal refusal() {
        return new Refusal(403, "a user of the host is needed, not an anonymous request");
    }
}
