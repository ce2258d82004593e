package org.patchreel.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ErrorsTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Test
    void tellsACallersMistakeFromAFailure() {
        assertEquals(2, errors(false).report(new IllegalArgumentException("unknown model: sora")));
        assertEquals(1, errors(false).report(new IOException("disk full")));
        assertEquals(130, errors(false).report(new CancellationException()));
        assertEquals(130, errors(false).report(new InterruptedException()));
        assertEquals(
                "patchreel: unknown model: sora\npatchreel: disk full\npatchreel: cancelled\npatchreel: cancelled\n",
                bytes.toString(UTF_8));
    }

    @Test
    void saysItInOneLineEvenWhenTheMessageHasMoreOrNone() {
        errors(false).report(new IOException("first\n  second"));
        errors(false).report(new IOException());
        assertEquals("patchreel: first second\npatchreel: IOException\n", bytes.toString(UTF_8));
    }

    @Test
    void printsTheStackOnlyWhenDebugging() {
        errors(true).report(new IOException("disk full"));
        assertTrue(bytes.toString(UTF_8).contains(" at org.patchreel.launcher.ErrorsTest"));
    }

    private Errors errors(boolean debug) {
        return new Errors(new PrintStream(bytes, true, UTF_8), debug);
    }
}
