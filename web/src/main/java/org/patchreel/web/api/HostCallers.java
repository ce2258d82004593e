package org.patchreel.web.api;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.patchreel.api.Requester;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/**
 * Users whom the host has authenticated, with the roles that the configuration gives them.
 *
 * @param members of each role: names of users, {@code group:NAME}, or {@code *} for every user
 */
record HostCallers(Map<Role, List<String>> members) implements Callers {

    private static final String GROUP = "group:";
    private static final String EVERYBODY = "*";

    @Override
    public Optional<Caller> find(Request request) {
        return request.user()
                .flatMap(user -> Stream.of(Role.OPERATOR, Role.EDITOR, Role.VIEWER)
                        .filter(role -> members.getOrDefault(role, List.of()).stream()
                                .anyMatch(member -> matches(member, user, request)))
                        .findFirst()
                        .map(role -> new Caller(
                                role,
                                new Requester(Optional.of(user), groups(request), Optional.empty(), Optional.empty()),
                                SameOrigin::require)));
    }

    private static boolean matches(String member, String user, Request request) {
        return member.equals(EVERYBODY)
                || (member.startsWith(GROUP)
                        ? request.isInRole(member.substring(GROUP.length()))
                        : member.equals(user));
    }

    /** Servlets tell whether a user is in a group, and not in which: those that the configuration names are asked for. */
    private Set<String> groups(Request request) {
        return members.values().stream()
                .flatMap(Collection::stream)
                .filter(member -> member.startsWith(GROUP))
                .map(member -> member.substring(GROUP.length()))
                .filter(request::isInRole)
                .collect(Collectors.toSet());
    }

    @Override
    public Refusal refusal() {
        return new Refusal(403, "a user of the host is needed who has a role here");
    }
}
