package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LoggedLinesTest {

    @Test
    void logsALineAsOneAndWithoutWhatControlsATerminal() {
        List<Object> logged = new ArrayList<>();
        Logger log = (Logger) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    logged.add(arguments[1]);
                    return null;
                });
        try (PrintStream out = new PrintStream(new LoggedLines(log), true, UTF_8)) {
            out.print("one\r\ntwo \u001b[2J\u009b31m \u2028 three \u202e\nfour");
        }
        assertEquals(List.of("one", "two \ufffd[2J\ufffd31m \ufffd three \ufffd", "four"), logged);
    }
}
