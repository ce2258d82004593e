package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.patchreel.api.Requester;

class ConsoleUserTest {

    private static final Requester PROCESS = Requester.of(System.getProperty("user.name"));

    @Test
    void isWhoeverHasSignedInToTheConsole() {
        assertEquals(Requester.of("karaf"), ConsoleUser.of(session(Map.of("USER", "karaf"))));
    }

    @Test
    void isTheAccountOfTheProcessWhereTheConsoleKnowsNoUsers() {
        assertEquals(PROCESS, ConsoleUser.of(session(Map.of())));
        assertEquals(PROCESS, ConsoleUser.of(session(Map.of("USER", " "))));
    }

    /** A session of these variables. */
    private static CommandSession session(Map<String, Object> variables) {
        return (CommandSession) Proxy.newProxyInstance(
                CommandSession.class.getClassLoader(),
                new Class<?>[] {CommandSession.class},
                (proxy, method, arguments) -> variables.get(arguments[0]));
    }
}
