package org.patchreel.impl.admin;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.patchreel.api.Requester;

/**
 * Who types commands. Karaf keeps the name of whoever has signed in to its console in the variable {@code USER}; another
 * console knows no users: there it is the account of the operating system that the process runs as, which in the app is that
 * of the person at the terminal.
 */
final class ConsoleUser {

    private static final String SIGNED_IN = "USER";

    /** What Java says of an account that has no name, as in many containers. */
    private static final String NAMELESS = "?";

    private ConsoleUser() {}

    /** {@return who asks for what this session's commands submit} */
    static Requester of(CommandSession session) {
        return Stream.of(
                        Optional.ofNullable(session.get(SIGNED_IN)),
                        Optional.ofNullable(System.getProperty("user.name")))
                .flatMap(Optional::stream)
                .map(String::valueOf)
                .filter(name -> !name.isBlank() && !name.equals(NAMELESS))
                .findFirst()
                .map(Requester::of)
                .orElse(Requester.UNKNOWN);
    }
}
