package org.patchreel.karaf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Karaf of our own: a copy of the distribution, its ports free ones of the loopback interface. It finds bundles in its
 * distribution, in archives that are installed and in one folder at most, never in the network.
 */
final class KarafProcess implements AutoCloseable {

    private static final Path DISTRIBUTION = Path.of(property("karaf.distribution"));
    private static final Path FEATURES = Path.of(property("patchreel.features"));

    /** The bundles of Karaf's own HTTP server, which its distribution lacks, in Maven's layout. */
    static final Path HTTP = Path.of(property("karaf.http"));

    private static final Duration START = Duration.ofMinutes(3);
    private static final int COMMAND_SECONDS = 300;

    private final Path home;
    private final int port;
    private final Process process;

    private KarafProcess(Path home, int port, Process process) {
        this.home = home;
        this.port = port;
        this.process = process;
    }

    private static String property(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("the build sets the system property " + name);
        }
        return value;
    }

    /** {@return the archive that the build made} */
    static Path archive() {
        return FEATURES.resolve("patchreel.kar");
    }

    /** Unpacks the bundles of the archive, in Maven's layout, to a folder that is made. */
    static void unpackArchive(Path to) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(archive())) {
            copy(zip.getPath("/repository"), to);
        }
    }

    /** {@return the features that the build made} */
    static Path features() {
        return FEATURES.resolve("features.xml");
    }

    /**
     * Copies, configures and starts it, and waits for its shell.
     *
     * @param home to be made
     * @param repository further folder that holds bundles, in Maven's layout
     */
    static KarafProcess start(Path home, @Nullable Path repository) throws Exception {
        copy(DISTRIBUTION, home);
        edit(home.resolve("etc/users.properties"), Map.of("(?m)^#(karaf|_g_)", "$1"));
        int[] ports = freePorts();
        edit(
                home.resolve("etc/org.apache.karaf.shell.cfg"),
                Map.of("(?m)^sshPort.*", "sshPort = " + ports[0], "(?m)^sshHost.*", "sshHost = 127.0.0.1"));
        edit(
                home.resolve("etc/org.apache.karaf.management.cfg"),
                Map.of(
                        "(?m)^rmiRegistryPort.*",
                        "rmiRegistryPort = " + ports[1],
                        "(?m)^rmiServerPort.*",
                        "rmiServerPort = " + ports[2]));
        String further = repository == null ? "" : repository.toUri() + "@id=further@snapshots";
        edit(
                home.resolve("etc/org.ops4j.pax.url.mvn.cfg"),
                Map.of(
                        "(?s)org\\.ops4j\\.pax\\.url\\.mvn\\.repositories=.*?[^\\\\]\n",
                        "org.ops4j.pax.url.mvn.repositories=" + further + "\n",
                        // by default it is the user's own, in which an older build may lie
                        "(?m)^#(org\\.ops4j\\.pax\\.url\\.mvn\\.localRepository=)$",
                        "$1" + home.resolve("data/m2")));
        Files.writeString(
                home.resolve("bin/setenv"), Files.readString(FEATURES.resolve("setenv")), StandardOpenOption.APPEND);
        Process process = builder(home, "bin/karaf", "server")
                .redirectOutput(home.resolve("out").toFile())
                .start();
        KarafProcess karaf = new KarafProcess(home, ports[0], process);
        boolean ready = false;
        try {
            waitFor("Karaf", START, () -> karaf.answers("info", "Karaf version"));
            ready = true;
            return karaf;
        } finally {
            if (!ready) {
                karaf.close();
            }
        }
    }

    /** Three that are different, because all are open at once. */
    private static int[] freePorts() throws IOException {
        try (ServerSocket one = freePort();
                ServerSocket two = freePort();
                ServerSocket three = freePort()) {
            return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
        }
    }

    static ServerSocket freePort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void edit(Path file, Map<String, String> replacements) throws IOException {
        String text = Files.readString(file);
        for (Map.Entry<String, String> each : replacements.entrySet()) {
            String edited = text.replaceAll(each.getKey(), each.getValue());
            if (edited.equals(text)) {
                throw new IllegalStateException(file + " has nothing that matches " + each.getKey());
            }
            text = edited;
        }
        Files.writeString(file, text);
    }

    private static ProcessBuilder builder(Path home, String... command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    /** {@return whether a command of the shell prints something that has this part} */
    boolean answers(String command, String part) {
        try {
            return process.isAlive() && run(command).contains(part);
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until something holds, and fails with its name when it does not. */
    static void waitFor(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(limit);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(what + " is not there after " + limit.toSeconds() + " s");
            }
            Thread.sleep(200);
        }
    }

    /** {@return what a command of the shell prints} */
    String run(String command) throws IOException {
        return output(begin(command));
    }

    /** Begins a command. The client takes it from the standard input: with an end of file there it would say "Closed". */
    Process begin(String command) throws IOException {
        Process client = builder(home, "bin/client", "-a", Integer.toString(port), "-u", "karaf", "-p", "karaf", "-b")
                .start();
        client.getOutputStream().write((command + "\n").getBytes(UTF_8));
        client.getOutputStream().close();
        return client;
    }

    /** {@return what a command has printed, when it has ended} */
    static String output(Process client) throws IOException {
        try {
            String output = new String(client.getInputStream().readAllBytes(), UTF_8);
            if (!client.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the command does not end: " + output);
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            client.destroyForcibly();
        }
    }

    /** {@return the folder of this Karaf} */
    Path home() {
        return home;
    }

    /** {@return Karaf's own log} */
    String log() throws IOException {
        return Files.readString(home.resolve("data/log/karaf.log"));
    }

    /** {@return symbolic names of the bundles, each with its state} */
    List<String> bundles() throws IOException {
        // ID, state, start level, version, symbolic name
        return run("bundle:list -t 0 -s --no-format")
                .lines()
                .map(line -> line.split("\\s+", -1))
                .filter(cells -> cells.length >= 5)
                .map(cells -> cells[cells.length - 1] + " " + cells[1])
                .toList();
    }

    /** Ends the process that was started, and what that has started. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        try {
            // The shell script ends before the virtual machine that it has started.
            CompletableFuture.allOf(all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
