package org.patchreel.sling.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real Sling: the Starter, started by the feature launcher on a free port of the loopback interface. */
final class SlingProcess {

    /** Patchreel's feature. */
    static final Path PATCHREEL = Path.of(System.getProperty("patchreel.package"), "patchreel-sling.json");

    /** Patchreel's content package. */
    static final Path PACKAGE = Path.of(System.getProperty("patchreel.package"), "patchreel-sling.zip");

    private static final Path BUILD = Path.of(System.getProperty("sling.build"));

    private static final Path ARTIFACTS = BUILD.resolve("artifacts");

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path home;
    private final List<Path> features;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;

    /**
     * Starts one; {@link #await} says when it is ready.
     *
     * @param home kept by the caller
     * @param features beside the Starter's
     */
    SlingProcess(Path home, Path... features) throws IOException {
        this.home = home;
        this.features = List.of(features);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        this.process = start();
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                // Sling's thread pools clear the thread locals of their threads
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp",
                BUILD.resolve("org.apache.sling.feature.launcher-1.3.4/lib") + "/*",
                "org.apache.sling.feature.launcher.impl.Main"));
        command.addAll(
                List.of("-f", artifact("sling-starter", ".slingosgifeature").toString()));
        features.forEach(feature -> command.addAll(List.of("-f", feature.toString())));
        command.addAll(List.of(
                "-u",
                ARTIFACTS.toUri().toString(),
                "-c",
                home.resolve("cache").toString(),
                "-p",
                home.toString(),
                "-fv",
                "7.0.5",
                "-D",
                "org.osgi.service.http.port=" + port,
                "-D",
                "org.apache.felix.http.host=127.0.0.1"));
        Files.createDirectories(home);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("process.log").toFile()))
                .directory(home.toFile());
        builder.environment().put("GOMP_SPINCOUNT", "20000");
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "16777216");
        builder.environment().put("MALLOC_TRIM_THRESHOLD_", "67108864");
        return builder.start();
    }

    /** {@return an artifact of this build} */
    static Path artifact(String name, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(ARTIFACTS.resolve("org/patchreel").resolve(name))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    Path home() {
        return home;
    }

    /** {@return Sling's own log} */
    String log() throws IOException {
        return Files.readString(home.resolve("logs/error.log"));
    }

    /** Ends the process as a crash does, and starts it again. */
    void crash() throws Exception {
        process.destroyForcibly().waitFor();
        process = start();
    }

    /** Waits until something is so. An answer that is not there yet, for whatever reason, is asked for again. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Object last = "nothing";
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                String printed = Files.readString(home.resolve("process.log"));
                throw new AssertionError("Sling has ended with " + process.exitValue() + ":\n…"
                        + printed.substring(Math.max(0, printed.length() - 2000)));
            }
            try {
                if (condition.call()) {
                    return;
                }
                last = "false";
            } catch (IOException | RuntimeException e) {
                last = e;
            }
            Thread.sleep(500);
        }
        throw new AssertionError("not within " + PATIENCE + ": " + what + ", at last " + last + "\n" + log());
    }

    /** Sends a request as a user whose password is the name; no user for the empty name. */
    HttpResponse<byte[]> send(String user, String method, String path, BodyPublisher body, String... headers)
            throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address(path)).method(method, body).timeout(Duration.ofMinutes(1));
        if (!user.isEmpty()) {
            String credentials = user + ":" + user;
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException {
        return send("admin", "GET", path, BodyPublishers.noBody(), headers);
    }

    /** Posts a form. */
    HttpResponse<byte[]> post(String user, String path, Map<String, String> form, String... headers)
            throws IOException {
        String boundary = "----patchreel" + System.nanoTime();
        StringBuilder body = new StringBuilder();
        Map<String, String> all = new TreeMap<>(form);
        all.put("_charset_", "utf-8");
        all.forEach((name, value) -> body.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        body.append("--").append(boundary).append("--\r\n");
        String[] withType = Stream.concat(
                        Stream.of("Content-Type", "multipart/form-data; boundary=" + boundary), Stream.of(headers))
                .toArray(String[]::new);
        return send(user, "POST", path, BodyPublishers.ofString(body.toString()), withType);
    }

    /** Puts a file into the repository. */
    void put(String path, byte[] content, String type) throws IOException {
        HttpResponse<byte[]> answer =
                send("admin", "PUT", path, BodyPublishers.ofByteArray(content), "Content-Type", type);
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + answer.statusCode() + " " + text(answer));
        }
    }

    private URI address(String path) {
        // As a browser would: the path's letters are encoded.
        return path.startsWith("http")
                ? URI.create(path)
                : URI.create(origin() + URI.create(path.replace(" ", "%20")).toASCIIString());
    }

    /** {@return where it is, as browsers name it} */
    String origin() {
        return "http://127.0.0.1:" + port;
    }

    static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** Stops it as an operator does. */
    void stop() throws Exception {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
