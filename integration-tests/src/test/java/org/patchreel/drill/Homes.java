package org.patchreel.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The home folders of a drill's processes, and what is configured in them. The hosts have no copy of the model {@link #MODEL}: they
 * depend on the workers.
 *
 * @param folder of the drill
 * @param root of Patchreel's sources, with the script {@code patchreel}
 * @param unpacked a home folder whose unpacked bundles and libraries all use
 */
record Homes(Path folder, Path root, Path unpacked) {

    static final String MODEL = "drill";
    static final String WORKERS_PASSWORD = "a password of workers";
    static final String HOSTS_PASSWORD = "a password of hosts";

    private static final String SECRET = "watermark-0001.secret";
    private static final String DIGITS = "11".repeat(32);

    /** {@return the home folder of a process} */
    Path of(String name) {
        return folder.resolve(name);
    }

    /** {@return where a host keeps its clips} */
    Path assets(String name) {
        return folder.resolve(name + "-assets");
    }

    /**
     * Makes the home of the process that has the broker.
     *
     * @param port where it listens
     * @param storeMebibytes for messages on the disk
     */
    void broker(String name, int port, int storeMebibytes) throws IOException {
        make(name);
        configure(name, "broker", """
                embedded = true
                address = tcp://127.0.0.1:%d
                store = %d
                .password = %s
                .hosts.password = %s
                """.formatted(port, storeMebibytes, WORKERS_PASSWORD, HOSTS_PASSWORD));
    }

    /**
     * Makes the home of a host.
     *
     * @param port of the broker
     */
    void host(String name, int port) throws IOException {
        make(name);
        secret(of(name).resolve("secrets"));
        configure(name, "broker", """
                url = tcp://127.0.0.1:%d
                user = host
                .password = %s
                """.formatted(port, HOSTS_PASSWORD));
    }

    /**
     * Makes the home of a worker.
     *
     * @param port of the broker
     * @return its command
     */
    List<String> worker(String name, int port) throws IOException {
        make(name);
        secret(folder.resolve("secrets"));
        Path password = Files.writeString(folder.resolve("password"), WORKERS_PASSWORD + "\n", UTF_8);
        configure(name, "model-" + MODEL, """
                name = %s
                directory = %s
                """.formatted(MODEL, root.resolve("models/starter/checkpoint")));
        return List.of(
                "worker",
                "--broker",
                "tcp://127.0.0.1:" + port,
                "--password-file",
                password.toString(),
                "--secrets",
                folder.resolve("secrets").toString(),
                "--name",
                name);
    }

    private void make(String name) throws IOException {
        Path conf = Files.createDirectories(of(name).resolve("conf"));
        for (String shared : List.of("app", "natives")) {
            Path target = Files.createDirectories(unpacked.resolve(shared));
            Files.createSymbolicLink(conf.resolveSibling(shared), target);
        }
        configure(name, "runtime", "threads = 1\n");
    }

    private void configure(String name, String part, String lines) throws IOException {
        Files.writeString(of(name).resolve("conf/org.patchreel." + part + ".cfg"), lines, UTF_8);
    }

    private static void secret(Path secrets) throws IOException {
        Files.createDirectories(secrets);
        Path file = Files.writeString(secrets.resolve(SECRET), DIGITS, UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
