package org.patchreel.launcher;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;

/** What a session says of its terminal, in the variables that shells of hosts have for it, too. */
final class SessionTerminal {

    private SessionTerminal() {}

    static void describe(CommandSession session, TerminalWidth width) {
        session.put("TERM", System.getenv("TERM"));
        session.put("#COLUMNS", (Function) (any, arguments) -> width.columns());
    }
}
