package org.patchreel.impl.resolution;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The user of a request, as a host's servlet context tells it. */
final class HostUser {

    /** What Sling and others name a user who has not said who they are. */
    private static final String ANONYMOUS = "anonymous";

    private HostUser() {}

    /**
     * Sling lets anonymous requests in, with {@value #ANONYMOUS} as the remote user and without an authentication type.
     *
     * @return the user; empty if nobody was authenticated
     */
    static Optional<String> of(@Nullable String remoteUser, @Nullable String authenticationType) {
        return authenticationType == null || remoteUser == null || remoteUser.isBlank() || remoteUser.equals(ANONYMOUS)
                ? Optional.empty()
                : Optional.of(remoteUser);
    }
}
