package org.patchreel.web.content;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.ProvenanceReport.Watermark;
import org.patchreel.web.content.ContentExamination.Times;
import org.patchreel.web.http.Refusal;

class ContentExaminationTest {

    private static final Duration LONG = Duration.ofMinutes(3);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final int MAX_UPLOAD = 1000;
    private static final ProvenanceReport UNKNOWN =
            new ProvenanceReport(Verdict.UNKNOWN, "nothing", Manifest.none(), new Watermark(List.of()), List.of());

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final ExecutorService senders = Executors.newCachedThreadPool();
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        senders.shutdownNow();
    }

    private ContentExamination examination(ScriptedVerifier.Reports reports, Times times) {
        return new ContentExamination(folder, new ScriptedVerifier(reports), MAX_UPLOAD, times);
    }

    private static InputStream file(int length) {
        return new ByteArrayInputStream(new byte[length]);
    }

    /** Gives a byte, then nothing until it may go on. */
    private InputStream slow(CountDownLatch begun, int length) {
        return new InputStream() {
            private int sent;

            @Override
            public int read() throws IOException {
                if (sent == length - 1) {
                    begun.countDown();
                    try {
                        mayGoOn.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return sent++ < length ? 0 : -1;
            }

            @Override
            public int read(byte[] to, int offset, int count) throws IOException {
                return read() < 0 ? -1 : 1;
            }
        };
    }

    private static ProvenanceReport waitForEver(Path file) throws IOException {
        try {
            Thread.sleep(LONG.toMillis());
        } catch (InterruptedException e) {
            throw new ClosedByInterruptException();
        }
        return UNKNOWN;
    }

    @Test
    void slowSendersKeepNobodyWaiting() throws Exception {
        ContentExamination examination = examination(file -> UNKNOWN, new Times(LONG, SHORT, LONG));
        CountDownLatch begun = new CountDownLatch(3);
        List<Future<ProvenanceReport>> slow = Stream.generate(
                        () -> senders.submit(() -> examination.examine(slow(begun, 2))))
                .limit(3)
                .toList();
        begun.await();
        assertTimeoutPreemptively(LONG, () -> assertEquals(UNKNOWN, examination.examine(file(9))));
        mayGoOn.countDown();
        for (Future<ProvenanceReport> each : slow) {
            assertEquals(UNKNOWN, each.get());
        }
        assertNothingIsLeft();
    }

    @Test
    void aFileThatArrivesTooSlowlyIsRefused() throws Exception {
        ContentExamination examination = examination(file -> UNKNOWN, new Times(SHORT, SHORT, LONG));
        CountDownLatch begun = new CountDownLatch(1);
        Future<Refusal> refusal =
                senders.submit(() -> assertThrows(Refusal.class, () -> examination.examine(slow(begun, 2))));
        begun.await();
        Thread.sleep(SHORT.toMillis() + 100);
        mayGoOn.countDown();
        assertEquals(408, refusal.get().status());
        assertNothingIsLeft();
    }

    @Test
    void anExaminationThatTakesTooLongIsInterruptedAndTheThreadIsNot() throws Exception {
        ContentExamination examination = examination(ContentExaminationTest::waitForEver, new Times(LONG, LONG, SHORT));
        for (int i = 0; i < 3; i++) {
            Refusal refusal = assertTimeoutPreemptively(
                    LONG, () -> assertThrows(Refusal.class, () -> examination.examine(file(9))));
            assertEquals(422, refusal.status());
        }
        assertFalse(Thread.currentThread().isInterrupted());
        assertNothingIsLeft();
    }

    @Test
    void aFileDoesNotWaitForEver() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        ContentExamination examination = examination(
                file -> {
                    begun.countDown();
                    return waitForEver(file);
                },
                new Times(LONG, SHORT, LONG));
        for (int i = 0; i < 2; i++) {
            senders.execute(() -> assertThrows(Exception.class, () -> examination.examine(file(9))));
        }
        begun.await();
        assertEquals(
                503,
                assertThrows(Refusal.class, () -> examination.examine(file(9))).status());
    }

    @Test
    void theSpaceForFilesIsLimited() throws Exception {
        ContentExamination examination = examination(file -> UNKNOWN, new Times(LONG, LONG, LONG));
        CountDownLatch begun = new CountDownLatch(4);
        List<Future<ProvenanceReport>> slow = Stream.generate(
                        () -> senders.submit(() -> examination.examine(slow(begun, MAX_UPLOAD))))
                .limit(4)
                .toList();
        begun.await();
        assertEquals(
                503,
                assertThrows(Refusal.class, () -> examination.examine(file(99))).status());
        mayGoOn.countDown();
        for (Future<ProvenanceReport> each : slow) {
            each.get();
        }
        assertEquals(UNKNOWN, examination.examine(file(99)), "there is space again");
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
