package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoFrame;

@Timeout(30)
class BackgroundSinkTest {

    private final List<Integer> taken = Collections.synchronizedList(new ArrayList<>());

    @Test
    void passesEveryFrameOnInItsOrderAlthoughTheCallersBufferIsReused() throws IOException {
        ByteBuffer reused = ByteBuffer.allocateDirect(3 * 4);
        try (BackgroundSink sink = BackgroundSink.open(Recording::new)) {
            for (int i = 0; i < 50; i++) {
                reused.put(0, (byte) i);
                sink.accept(new VideoFrame(2, 2, reused));
            }
        }
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            expected.add(i);
        }
        expected.add(-1);
        assertEquals(expected, taken);
    }

    @Test
    void opensUsesAndClosesTheSinkOnOneThreadThatIsNotTheCallers() throws IOException {
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        BackgroundSink sink = BackgroundSink.open(() -> {
            threads.add(Thread.currentThread());
            return new FrameSink() {
                @Override
                public void accept(VideoFrame frame) {
                    threads.add(Thread.currentThread());
                }

                @Override
                public void close() {
                    threads.add(Thread.currentThread());
                }
            };
        });
        sink.accept(frame());
        sink.close();
        sink.close();
        assertEquals(3, threads.size());
        assertNotSame(Thread.currentThread(), threads.get(0));
        assertSame(threads.get(0), threads.get(1));
        assertSame(threads.get(0), threads.get(2));
    }

    @Test
    void makesTheCallerWaitOnlyWhenTwoFramesWait() throws Exception {
        CountDownLatch encoding = new CountDownLatch(1);
        BackgroundSink sink = BackgroundSink.open(() -> {
            await(encoding);
            return new Recording();
        });
        sink.accept(frame());
        sink.accept(frame());
        Thread caller = new Thread(() -> {
            try {
                sink.accept(frame());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        caller.start();
        while (caller.getState() != Thread.State.WAITING) {
            Thread.sleep(1);
        }
        assertTrue(taken.isEmpty());
        encoding.countDown();
        caller.join();
        sink.close();
        assertEquals(4, taken.size());
    }

    @Test
    void aSinkThatCannotBeOpenedStopsTheModelBeforeItsFirstFrame() throws Exception {
        IOException reason = new AccessDeniedException("clip.mp4");
        try (BackgroundSink sink = BackgroundSink.open(() -> {
            throw reason;
        })) {
            GenerationMonitor monitor = sink.stopping(GenerationMonitor.UNWATCHED);
            while (!monitor.cancelled()) {
                Thread.sleep(1);
            }
            assertSame(reason, assertThrows(IOException.class, sink::throwFailure));
            assertSame(reason, assertThrows(IOException.class, () -> sink.accept(frame())));
        }
    }

    @Test
    void aFailureOfTheLastFrameIsThrownWhenItIsClosed() {
        BackgroundSink sink = BackgroundSink.open(() -> failing(new IOException("disk full")));
        assertEquals(
                "disk full",
                assertThrows(IOException.class, () -> {
                            sink.accept(frame());
                            sink.close();
                        })
                        .getMessage());
        assertEquals(List.of(-1), taken, "what was opened is closed");
    }

    @Test
    void anErrorIsThrownAsItIsAndOnce() throws Exception {
        OutOfMemoryError error = new OutOfMemoryError("direct buffers");
        BackgroundSink sink = BackgroundSink.open(() -> failing(error));
        sink.accept(frame());
        while (!sink.stopping(GenerationMonitor.UNWATCHED).cancelled()) {
            Thread.sleep(1);
        }
        assertSame(error, assertThrows(OutOfMemoryError.class, () -> sink.accept(frame())));
        sink.close();
        assertEquals(List.of(-1), taken);
    }

    @Test
    void theMonitorStillAsksTheCallers() throws IOException {
        try (BackgroundSink sink = BackgroundSink.open(Recording::new)) {
            assertFalse(sink.stopping(GenerationMonitor.UNWATCHED).cancelled());
        }
    }

    private static VideoFrame frame() {
        return new VideoFrame(2, 2, ByteBuffer.allocate(12));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private FrameSink failing(Throwable failure) {
        return new Recording() {
            @Override
            public void accept(VideoFrame frame) throws IOException {
                if (failure instanceof IOException e) {
                    throw e;
                }
                throw (Error) failure;
            }
        };
    }

    /** Records the first byte of each frame, and -1 when it is closed. */
    private class Recording implements FrameSink {
        @Override
        public void accept(VideoFrame frame) throws IOException {
            taken.add((int) frame.rgb().get(0));
        }

        @Override
        public void close() {
            taken.add(-1);
        }
    }
}
