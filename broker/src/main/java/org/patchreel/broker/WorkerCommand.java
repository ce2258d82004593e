package org.patchreel.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.api.GenerationException;
import org.patchreel.api.SourceStore;
import org.patchreel.broker.jms.BrokerAddress;
import org.patchreel.broker.jms.Connector;
import org.patchreel.broker.jms.Login;
import org.patchreel.broker.jms.TlsStores;
import org.patchreel.broker.worker.Worker;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.OrderProducer;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.VideoModel;
import org.patchreel.spi.Watermarker;

/**
 * {@code patchreel:worker}: makes clips for hosts until the process is asked to end. It makes no secret, needs no signing key and
 * opens no asset store.
 */
@Component(
        service = WorkerCommand.class,
        property = {"osgi.command.scope=patchreel", "osgi.command.function=worker"})
public final class WorkerCommand {

    private static final String USAGE = """
            worker --broker URL [options]   makes clips for hosts, with the models of this
                                            machine

            --broker URL                    ssl://HOST:PORT, several with commas;
                                            tcp://127.0.0.1:PORT
            --user NAME                     who logs in (worker)
            --password-file FILE            has the password in its first line
            --key-store FILE                PKCS#12: key and certificate of this worker
            --key-store-password-file FILE
            --trust-store FILE              PKCS#12: the authorities of the broker
            --trust-store-password-file FILE
            --name NAME                     by which people know it (name of the machine)
            --secrets FOLDER                copies of the host's watermark-*.secret
            --drain SECONDS                 how long a clip may still take when the process
                                            is asked to end; then another worker makes it
                                            (600)

            Ctrl-C or SIGTERM: finishes the clip, then ends with status 0.

            example: worker --broker tcp://127.0.0.1:61616 --password-file worker.password""";

    private static final String WATERMARK_PID = "org.patchreel.watermark";

    /** Property of a {@link Runnable} service that the launcher runs before it stops the framework. */
    private static final String BEFORE_STOP = "patchreel.before.stop";

    private static final int MAX_PASSWORD_FILE = 4096;
    private static final int MAX_DRAIN = 7 * 24 * 3600;
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int POLL_MILLIS = 20;

    private final BundleContext context;
    private final ConfigurationAdmin configurations;

    /**
     * Creates the command.
     *
     * @param context finds services, which are not started before they are needed
     * @param configurations takes what the options say
     */
    @Activate
    public WorkerCommand(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this.context = context;
        this.configurations = configurations;
    }

    /** What a worker was asked to be. */
    private record Role(Connector connector, String broker, String name, Optional<Path> secrets, Duration drain) {}

    /**
     * Runs the worker.
     *
     * @param session of the command
     * @param arguments options
     * @throws IOException if a file cannot be read
     * @throws InterruptedException if the command is interrupted
     */
    @Descriptor("makes clips for hosts until it is asked to end: worker --broker tcp://127.0.0.1:61616")
    public void worker(CommandSession session, @Descriptor("options, see --help") String... arguments)
            throws IOException, InterruptedException {
        CommandOptions given = CommandOptions.parse(
                Set.of(
                        "--broker",
                        "--user",
                        "--password-file",
                        "--key-store",
                        "--key-store-password-file",
                        "--trust-store",
                        "--trust-store-password-file",
                        "--name",
                        "--secrets",
                        "--drain"),
                Set.of(),
                arguments);
        if (given.has(CommandOptions.HELP)) {
            System.out.println(USAGE);
            return;
        }
        given.requireOperands(0, "");
        Role role = role(given);
        PrintStream err = session.get("patchreel.err") instanceof PrintStream known ? known : System.err;
        useSecrets(role);
        run(role, producer(), err);
    }

    private static Role role(CommandOptions given) throws IOException {
        String url = given.value("--broker").orElseThrow(() -> new IllegalArgumentException("--broker is missing"));
        List<BrokerAddress> addresses = BrokerAddress.parseAll(url);
        TlsStores tls = new TlsStores(store(given, "--key-store"), store(given, "--trust-store"));
        tls.check();
        Login login = new Login(
                given.value("--user").orElse("worker"),
                given.value("--password-file").isPresent() ? password(given, "--password-file") : "");
        String name = given.value("--name").orElseGet(WorkerCommand::machine);
        if (name.isBlank() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "--name is empty, longer than 100 characters, or has control characters");
        }
        return new Role(
                Connector.to(addresses, tls, login),
                url,
                name,
                given.value("--secrets").map(folder -> Path.of(folder).toAbsolutePath()),
                Duration.ofSeconds(seconds(given.value("--drain").orElse("600"))));
    }

    private static int seconds(String text) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 0 && seconds <= MAX_DRAIN) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException(
                "--drain must be a whole number of seconds from 0 to " + MAX_DRAIN + ": " + text);
    }

    private static Optional<TlsStores.Store> store(CommandOptions given, String option) throws IOException {
        Optional<String> file = given.value(option);
        return file.isEmpty()
                ? Optional.empty()
                : Optional.of(new TlsStores.Store(Path.of(file.get()), password(given, option + "-password-file")));
    }

    private static String password(CommandOptions given, String option) throws IOException {
        Path file =
                Path.of(given.value(option).orElseThrow(() -> new IllegalArgumentException(option + " is missing")));
        if (!Files.isRegularFile(file) || Files.size(file) > MAX_PASSWORD_FILE) {
            throw new IllegalArgumentException(option + ": no file with a password: " + file);
        }
        return Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "worker";
        }
    }

    /**
     * Has marks made with the secrets that are there, and none made: a clip that is marked with another secret is of no use to a
     * host. Returns when the component that marks, which nothing has started yet, knows it.
     */
    private void useSecrets(Role role) throws IOException, InterruptedException {
        Configuration configuration = configurations.getConfiguration(WATERMARK_PID, null);
        Map<String, Object> properties = new HashMap<>();
        Dictionary<String, Object> before = configuration.getProperties();
        if (before != null) {
            Collections.list(before.keys()).forEach(key -> properties.put(key, before.get(key)));
        }
        properties.put("create", "false");
        if (role.secrets().isPresent()) {
            properties.put("secrets", role.secrets().get().toString());
        }
        configuration.update(FrameworkUtil.asDictionary(properties));
        await("(create=false)");
    }

    private void await(String filter) throws InterruptedException {
        long begin = System.nanoTime();
        try {
            while (context.getServiceReferences(Watermarker.class, filter).isEmpty()) {
                if (System.nanoTime() - begin > WAIT_NANOS) {
                    throw new IllegalStateException("what marks clips is not there; see doctor");
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private OrderProducer producer() {
        OrderProducer producer = service(OrderProducer.class);
        try {
            producer.check();
        } catch (GenerationException | ConfigurationException e) {
            throw new IllegalArgumentException("this worker can make no clips: " + e.getMessage(), e);
        }
        return producer;
    }

    private <S> S service(Class<S> type) {
        ServiceReference<S> reference = context.getServiceReference(type);
        S service = reference == null ? null : context.getService(reference);
        if (service == null) {
            throw new IllegalStateException(type.getSimpleName() + " is not there; see doctor");
        }
        return service;
    }

    private List<VideoModel> models() {
        try {
            Collection<ServiceReference<VideoModel>> references = context.getServiceReferences(VideoModel.class, null);
            return references.stream()
                    .sorted((one, other) -> other.compareTo(one))
                    .map(context::getService)
                    .filter(model -> model != null && !(model instanceof RemoteModel))
                    .toList();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run(Role role, OrderProducer producer, PrintStream err) throws IOException, InterruptedException {
        Path folder = HomeFolder.of(context).resolve("worker");
        Worker.Settings settings = new Worker.Settings(
                role.name(),
                folder,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofMinutes(10),
                Duration.ofSeconds(3));
        FolderLock lock = FolderLock.of(folder);
        try (lock;
                Worker worker = new Worker(
                        settings, role.connector()::connect, producer, this::models, service(SourceStore.class))) {
            ServiceRegistration<Runnable> draining = context.registerService(
                    Runnable.class,
                    () -> drain(worker, role.drain(), err),
                    FrameworkUtil.asDictionary(Map.of(BEFORE_STOP, true)));
            tell(worker, role, err);
            worker.awaitEnd();
            draining.unregister();
        }
    }

    private void tell(Worker worker, Role role, PrintStream err) throws InterruptedException {
        String told = "";
        while (!worker.isConnected() && !worker.hasEnded()) {
            String problem = worker.problem().orElse("");
            if (!problem.equals(told)) {
                err.println("patchreel: the broker is tried again: " + problem);
                told = problem;
            }
            Thread.sleep(POLL_MILLIS);
        }
        err.println("patchreel: worker " + role.name() + " takes orders from " + role.broker() + ", models: "
                + models().stream().map(model -> model.descriptor().name()).collect(Collectors.joining(", ")));
    }

    private static void drain(Worker worker, Duration patience, PrintStream err) {
        err.println("patchreel: finishing the clip that is being made, for up to " + patience.toSeconds()
                + " s; a second signal ends the process at once");
        try {
            worker.drain(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
