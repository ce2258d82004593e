package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks for a clip, as far as the host knows: for policies, quotas and lists of jobs. The host vouches for it; nothing here
 * checks a password. It does not become part of the clip, its metadata or its manifest.
 *
 * @param user the host's ID of the user, as it names them in its own access rights; empty if nobody is signed in or the host
 *     knows no users
 * @param groups the host's IDs of the groups that the user belongs to; empty if there are none or the host does not say
 * @param project what the clip is for, in the host's terms, such as a cost centre
 * @param tenant the customer in an installation that serves several
 */
public record Requester(Optional<String> user, Set<String> groups, Optional<String> project, Optional<String> tenant) {

    /** Nothing is known of who asks. */
    public static final Requester UNKNOWN =
            new Requester(Optional.empty(), Set.of(), Optional.empty(), Optional.empty());

    /**
     * Copies the groups.
     *
     * @throws IllegalArgumentException if a name is blank; the message says of what
     * @throws NullPointerException if a value is null; the message is its name
     */
    public Requester {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(groups, "groups");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(tenant, "tenant");
        groups = Set.copyOf(groups);
        user.ifPresent(name -> check("user", name));
        groups.forEach(name -> check("group", name));
        project.ifPresent(name -> check("project", name));
        tenant.ifPresent(name -> check("tenant", name));
    }

    /**
     * A user of whom no more is known.
     *
     * @param user the host's ID of the user, not blank
     * @return the requester
     * @throws IllegalArgumentException if the ID is blank
     */
    public static Requester of(String user) {
        return new Requester(
                Optional.of(Objects.requireNonNull(user, "user")), Set.of(), Optional.empty(), Optional.empty());
    }

    private static void check(String what, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of the requester's " + what + " is empty");
        }
    }
}
