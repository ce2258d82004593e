package org.patchreel.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as it arrives, no more of it in memory than the client's buffers. The client itself limits the time until
 * an answer begins and not the time between its bytes; here a read fails when nothing has come for a while. Read by one thread.
 */
final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<InputStream> {

    /** What the client delivers: buffers, its end, or a failure. */
    private record Delivery(
            @Nullable List<ByteBuffer> buffers, @Nullable Throwable failure) {}

    private static final Delivery END = new Delivery(null, null);

    private final Duration patience;
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

    /** Of the reading thread. */
    private final Queue<ByteBuffer> buffers = new ArrayDeque<>();

    private boolean ended;
    private volatile boolean closed;

    /**
     * Begins to wait.
     *
     * @param patience for further bytes
     */
    BodyStream(Duration patience) {
        this.patience = patience;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        if (closed || !subscription.complete(given)) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        deliveries.add(new Delivery(item, null));
    }

    @Override
    public void onError(Throwable failure) {
        deliveries.add(new Delivery(null, failure));
    }

    @Override
    public void onComplete() {
        deliveries.add(END);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
            return 0;
        }
        while (buffers.isEmpty()) {
            if (ended) {
                return -1;
            }
            take();
        }
        ByteBuffer next = buffers.element();
        int read = Math.min(length, next.remaining());
        next.get(to, offset, read);
        if (!next.hasRemaining()) {
            buffers.remove();
        }
        return read;
    }

    private void take() throws IOException {
        @Nullable Delivery delivery;
        try {
            delivery = closed ? null : deliveries.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while an answer was read", e);
        }
        if (delivery == null) {
            boolean before = closed;
            close();
            throw new IOException(before ? "the answer is closed" : "nothing came for " + patience.toSeconds() + " s");
        }
        if (delivery.failure() != null) {
            close();
            throw new IOException(Failures.describe(delivery.failure()), delivery.failure());
        }
        if (delivery.buffers() == null) {
            ended = true;
            return;
        }
        delivery.buffers().stream().filter(ByteBuffer::hasRemaining).forEach(buffers::add);
        subscription.join().request(1);
    }

    /** Ends the connection, unless the body was read to its end, when the connection can be used again. */
    @Override
    public void close() {
        closed = true;
        if (!ended && subscription.isDone()) {
            subscription.join().cancel();
        }
    }
}
