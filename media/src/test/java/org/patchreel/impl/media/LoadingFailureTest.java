package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadingFailureTest {

    private static final String LIBRARY = "/srv/natives/javacpp/x86_64/libjniavutil.so";

    @ParameterizedTest
    @ValueSource(strings = {"", ": Operation not permitted"})
    void namesTheFolderThatIsMountedNoexec(String reason) {
        UnsatisfiedLinkError failure = new UnsatisfiedLinkError("no jniavutil in java.library.path: /lib");
        failure.initCause(new UnsatisfiedLinkError(
                LIBRARY + ": " + LIBRARY + ": failed to map segment from shared object" + reason));
        assertEquals(
                "/srv/natives/javacpp/x86_64 is on a file system that is mounted noexec, from which native libraries"
                        + " cannot be loaded",
                LoadingFailure.explained(failure).getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "libva.so.2: cannot open shared object file: No such file or directory",
                "failed to map segment from shared object: Cannot allocate memory"
            })
    void leavesOtherFailuresAsTheyAre(String reason) {
        UnsatisfiedLinkError failure = new UnsatisfiedLinkError(LIBRARY + ": " + reason);
        assertSame(failure, LoadingFailure.explained(failure));
    }

    @Test
    void saysAgainWhyTheFirstAttemptFailed() {
        NoClassDefFoundError second = new NoClassDefFoundError("Could not initialize class Ffmpeg");
        second.initCause(new ExceptionInInitializerError("Exception java.lang.UnsatisfiedLinkError: noexec"));
        assertEquals("Exception java.lang.UnsatisfiedLinkError: noexec", LoadingFailure.reason(second));
        assertEquals("no x", LoadingFailure.reason(new UnsatisfiedLinkError("no x")));
    }
}
