package org.patchreel.web.api;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Browsers that have signed in, and invitations to do so. Both are kept in memory, by the digests of their secrets, so that the
 * time of a search tells nothing. Safe for use from any thread.
 */
final class Sessions {

    /** How long a browser stays signed in. */
    static final Duration TIME = Duration.ofHours(12);

    /** How long an invitation can be used, once. */
    static final Duration INVITATION_TIME = Duration.ofMinutes(10);

    private static final int MAX_SESSIONS = 256;
    private static final int MAX_INVITATIONS = 16;
    private static final int SECRET_BYTES = 32;

    private final LongSupplier nanoTime;
    private final SecureRandom random = new SecureRandom();

    /** Guarded by this. */
    private final Map<ByteBuffer, Session> sessions = bounded(MAX_SESSIONS);

    /** By when each ends. Guarded by this. */
    private final Map<ByteBuffer, Long> invitations = bounded(MAX_INVITATIONS);

    /**
     * Creates a register without sessions.
     *
     * @param nanoTime a clock in nanoseconds
     */
    Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The eldest makes room. */
    private static <T> Map<ByteBuffer, T> bounded(int max) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<ByteBuffer, T> eldest) {
                return size() > max;
            }
        };
    }

    /**
     * A browser that has signed in.
     *
     * @param csrfToken that it sends along with what changes something: pages of other sites cannot read it
     * @param end in nanoseconds of the clock
     * @param holder who signed in; empty once their token is gone
     */
    private record Session(String csrfToken, long end, Supplier<Optional<Caller>> holder) {}

    /**
     * What a browser is told.
     *
     * @param id secret of the cookie
     * @param csrfToken as in {@link CsrfToken}
     * @param left time for which it is signed in
     */
    record Ticket(String id, String csrfToken, Duration left) {}

    /** {@return a new session of somebody} */
    synchronized Ticket open(Supplier<Optional<Caller>> holder) {
        String id = secret();
        Session session = new Session(secret(), nanoTime.getAsLong() + TIME.toNanos(), holder);
        sessions.put(key(id), session);
        return new Ticket(id, session.csrfToken(), TIME);
    }

    /** {@return what the browser with a cookie was told; empty if it is not signed in, or not any more} */
    synchronized Optional<Ticket> find(String id) {
        return current(id).map(session -> new Ticket(id, session.csrfToken(), left(session.end())));
    }

    /** {@return who signed in} */
    Optional<Caller> caller(String id) {
        Optional<Session> session;
        synchronized (this) {
            session = current(id);
        }
        return session.flatMap(each -> each.holder()
                .get()
                .map(caller -> new Caller(caller.role(), caller.requester(), new CsrfToken(each.csrfToken()))));
    }

    private Optional<Session> current(String id) {
        Optional<Session> session = Optional.ofNullable(sessions.get(key(id)));
        if (session.isPresent() && left(session.get().end()).isNegative()) {
            sessions.remove(key(id));
            return Optional.empty();
        }
        return session;
    }

    private Duration left(long end) {
        return Duration.ofNanos(end - nanoTime.getAsLong());
    }

    synchronized void close(String id) {
        sessions.remove(key(id));
    }

    /** {@return a token with which a browser can sign in, once} */
    synchronized String invite() {
        String token = secret();
        invitations.put(key(token), nanoTime.getAsLong() + INVITATION_TIME.toNanos());
        return token;
    }

    synchronized boolean isInvited(byte[] digest) {
        Long end = invitations.get(ByteBuffer.wrap(digest));
        return end != null && !left(end).isNegative();
    }

    /** {@return whether there was such an invitation, which cannot be used again} */
    synchronized boolean use(byte[] digest) {
        boolean invited = isInvited(digest);
        invitations.remove(ByteBuffer.wrap(digest));
        return invited;
    }

    private static ByteBuffer key(String secret) {
        return ByteBuffer.wrap(TokenFile.digest(secret));
    }

    private String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
