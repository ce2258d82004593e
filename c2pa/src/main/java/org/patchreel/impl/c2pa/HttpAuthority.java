package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An authority that is asked by a short message over HTTP, and answers by one. May be used by any thread. */
final class HttpAuthority {
    private static final int OK = 200;

    private final URI url;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * Names the authority.
     *
     * @param url http or https; redirections are not followed
     * @param timeout for the whole exchange
     * @throws IllegalArgumentException if the URL is another; the message is it
     */
    HttpAuthority(URI url, Duration timeout) {
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("not a URL of http or https: " + url);
        }
        this.url = url;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    URI url() {
        return url;
    }

    /**
     * Asks.
     *
     * @param query message
     * @param type media type of messages, {@code -query} or {@code -request} included
     * @param answerType that of answers
     * @param maxAnswer length of an answer in bytes
     * @return the answer
     * @throws InterruptedIOException if the thread was interrupted
     * @throws IOException if there is no answer in time, or none that is one
     */
    byte[] ask(byte[] query, String type, String answerType, int maxAnswer) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(timeout)
                .header("Content-Type", type)
                .header("Accept", answerType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                .build();
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, head -> new BoundedBody(maxAnswer));
        try {
            // the request's own timeout ends with the first byte of the body
            HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != OK) {
                throw new IOException("answers with HTTP status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException(reason, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException)
                    new InterruptedIOException("interrupted while waiting for " + url).initCause(e);
        } finally {
            exchange.cancel(true);
        }
    }
}
