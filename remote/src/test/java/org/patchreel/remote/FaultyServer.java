package org.patchreel.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A server with TLS on the loopback interface that answers what a test says, and remembers what it was asked. */
final class FaultyServer implements AutoCloseable {

    private static final String API = "/patchreel/api/v1";

    /** Answers a request. */
    interface Answer {
        void send(HttpExchange exchange) throws IOException;
    }

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Guarded by this. */
    private final Map<String, List<Answer>> answers = new LinkedHashMap<>();

    /** Guarded by this. */
    private final List<String> requests = new ArrayList<>();

    /**
     * Starts one.
     *
     * @param tls its certificate and those that it trusts
     * @param mutual whether clients have to show one
     */
    FaultyServer(SSLContext tls, boolean mutual) throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters values = tls.getDefaultSSLParameters();
                values.setNeedClientAuth(mutual);
                parameters.setSSLParameters(values);
            }
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Lets the requests of a method and path be answered one way after the other, all further ones the last way. */
    synchronized void on(String request, Answer... ways) {
        answers.put(request, new ArrayList<>(List.of(ways)));
    }

    /** {@return the requests that have come, method and path} */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().toString().replaceFirst("^" + API, "");
        Answer answer;
        synchronized (this) {
            requests.add(request);
            List<Answer> ways = answers.getOrDefault(request, List.of(problem(404, "no such thing")));
            answer = ways.size() > 1 ? ways.remove(0) : ways.get(0);
        }
        try (exchange) {
            answer.send(exchange);
        }
    }

    static Answer json(int status, String body) {
        return bytes(status, "application/json", body.getBytes(UTF_8));
    }

    static Answer problem(int status, String detail) {
        return bytes(
                status,
                "application/problem+json",
                ("{\"title\":\"t\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}").getBytes(UTF_8));
    }

    static Answer bytes(int status, String type, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", type);
            boolean none = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
            exchange.sendResponseHeaders(status, none ? -1 : body.length);
            if (!none) {
                exchange.getResponseBody().write(body);
            }
        };
    }

    /** An answer with a header. */
    static Answer with(String header, String value, Answer answer) {
        return exchange -> {
            exchange.getResponseHeaders().set(header, value);
            answer.send(exchange);
        };
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
