package org.patchreel.broker;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.AssetId;
import org.patchreel.api.SourceStore;
import org.patchreel.broker.host.Host;
import org.patchreel.broker.host.RemoteModels;
import org.patchreel.broker.jms.HostedBroker;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Metric;
import org.patchreel.spi.MetricSource;
import org.patchreel.spi.RemoteModel;
import org.patchreel.spi.Settings;
import org.patchreel.spi.VideoModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives this installation the models of workers on other machines. Without a configuration there are none, and nothing is started.
 */
@Component(
        service = {RemoteWorkers.class, ComponentStatus.class, MetricSource.class},
        immediate = true,
        configurationPid = RemoteWorkers.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RemoteWorkers.Config.class)
public final class RemoteWorkers implements ComponentStatus, MetricSource {
    static final String PID = "org.patchreel.broker";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteWorkers.class);

    private static final String ID_FILE = "host-id";

    /** Workers announce themselves every 2 seconds. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(3);

    @ObjectClassDefinition(
            name = "Patchreel workers",
            description =
                    "Models on other machines, which are reached through a message broker: one in this process, or"
                            + " another one. See docs/workers.md")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Run a broker in this process, whose messages are kept in broker/ of the home" + " folder")
        boolean embedded() default false;

        @AttributeDefinition(
                description =
                        "Where the embedded broker listens: tcp://127.0.0.1:PORT, or ssl://HOST:PORT with keystore and"
                                + " truststore, with which both sides show certificates")
        String address() default "tcp://127.0.0.1:61616";

        @AttributeDefinition(
                description =
                        "Address of another broker, of the kind ActiveMQ Classic 6: ssl://HOST:PORT, several with commas"
                                + " or as failover:(…,…); tcp:// is for this machine alone")
        String url() default "";

        @AttributeDefinition(
                description =
                        "Embedded broker: the name by which workers log in; otherwise the one by which this host does")
        String user() default "worker";

        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(
                type = AttributeType.PASSWORD,
                description = "Password of that user; of workers at least 12 characters")
        String _password() default "";

        @AttributeDefinition(
                type = AttributeType.PASSWORD,
                description =
                        "Embedded broker: the password by which other hosts log in as \"host\", at least 12 characters;"
                                + " empty if there are none")
        String _hosts_password() default "";

        @AttributeDefinition(
                description = "PKCS#12 file with the key and the certificate of this side; relative to the home"
                        + " folder; empty for none")
        String keystore() default "";

        @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the keystore and its entries")
        String _keystore_password() default "";

        @AttributeDefinition(
                description = "PKCS#12 file with the certificates of the authorities of the other side; relative"
                        + " to the home folder; empty for those of Java")
        String truststore() default "";

        @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the truststore")
        String _truststore_password() default "";

        @AttributeDefinition(
                description = "ID of this host at the broker, letters and digits; empty to make one, which is"
                        + " kept in broker/host-id of the home folder")
        String name() default "";

        @AttributeDefinition(
                description = "How many workers may begin a job before it fails, because none has finished it",
                min = "1",
                max = "100")
        int tries() default 3;

        @AttributeDefinition(
                description =
                        "How many orders may wait at the broker beyond those that workers make: with 1 an autoscaler"
                                + " sees that more workers are needed",
                min = "0",
                max = "100")
        int ahead() default 0;

        @AttributeDefinition(
                description =
                        "service.ranking of the models of workers; a model of this machine that has the same name is"
                                + " used if its ranking is higher")
        int ranking() default 100;

        @AttributeDefinition(
                description = "Memory of the embedded broker for messages, in MiB",
                min = "16",
                max = "1048576")
        int memory() default 64;

        @AttributeDefinition(
                description = "Disk space of the embedded broker for messages, in MiB",
                min = "64",
                max = "1048576")
        int store() default 10240;
    }

    private final Settings<BrokerSettings> settings;
    private final BundleContext context;
    private final @Nullable Host host;
    private final @Nullable RemoteModels models;
    private final @Nullable HostedBroker broker;

    /** Of the thread of the link, and of the one that deactivates. */
    private volatile @Nullable FolderLock lock;

    /**
     * Begins to connect, if there is a broker.
     *
     * @param context of the bundle
     * @param config what is configured
     * @param properties of the component
     * @param sources has the pictures and clips that workers ask for
     * @throws IOException if the home folder cannot be used
     */
    @Activate
    public RemoteWorkers(
            BundleContext context, Config config, Map<String, Object> properties, @Reference SourceStore sources)
            throws IOException {
        this.context = context;
        HomeFolder home = HomeFolder.of(context);
        settings = new Settings<>(PID, properties, values -> BrokerSettings.read(values, home, config));
        Optional<Problem> problem = settings.problem();
        if (problem.isPresent()) {
            LOG.warn(problem.get().line());
        }
        boolean on = problem.isEmpty()
                && (settings.get().embedded().isPresent()
                        || settings.get().external().isPresent());
        if (!on) {
            host = null;
            models = null;
            broker = null;
            return;
        }
        BrokerSettings now = settings.get();
        InstantSource clock = InstantSource.system();
        HostedBroker hosted = now.embedded().map(HostedBroker::new).orElse(null);
        broker = hosted;
        Host started = new Host(
                new Host.Settings(id(now), now.folder().resolve("results"), now.tries(), SILENCE, ANSWER, RETRY),
                () -> connect(now, hosted),
                sources,
                clock);
        host = started;
        models = new RemoteModels(started, model -> register(model, now.ranking()), KEPT, now.ahead(), LOOK);
    }

    /** The ID of this host: results that are made while it is down find it again by it. */
    private static String id(BrokerSettings settings) throws IOException {
        if (settings.host().isPresent()) {
            return settings.host().get();
        }
        Path file = settings.folder().resolve(ID_FILE);
        if (Files.exists(file)) {
            String id = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (!AssetId.isValid(id)) {
                throw new IOException(file + " has no ID of 1 to 64 letters and digits");
            }
            return id;
        }
        Files.createDirectories(settings.folder());
        String id = UUID.randomUUID().toString().replace("-", "");
        Path draft = Files.createTempFile(settings.folder(), ID_FILE, "");
        Files.writeString(draft, id + "\n", StandardCharsets.US_ASCII);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return id;
    }

    private Connection connect(BrokerSettings now, @Nullable HostedBroker hosted) throws IOException, JMSException {
        if (lock == null) {
            lock = FolderLock.of(now.folder());
        }
        return hosted == null ? now.external().orElseThrow().connect() : hosted.connect();
    }

    private Runnable register(RemoteModel model, int ranking) {
        Map<String, Object> properties =
                Map.of(VideoModel.NAME, model.descriptor().name(), Constants.SERVICE_RANKING, ranking);
        ServiceRegistration<VideoModel> registration =
                context.registerService(VideoModel.class, model, FrameworkUtil.asDictionary(properties));
        return () -> {
            try {
                registration.unregister();
            } catch (IllegalStateException e) {
                // with its bundle
            }
        };
    }

    /** Ends the connection, and the embedded broker. What is under way stays in its folder. */
    @Deactivate
    void close() {
        if (models != null) {
            models.close();
        }
        if (host != null) {
            host.close();
        }
        if (broker != null) {
            broker.close();
        }
        FolderLock held = lock;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public String subject() {
        return "Workers";
    }

    @Override
    public List<Metric> metrics() {
        return new WorkerMetrics(
                        () -> host().map(Host::isConnected).orElse(false),
                        () -> host().map(Host::workers).orElse(List.of()))
                .metrics();
    }

    /** {@return the host's side of the broker; empty if none is configured, or not as it should be} */
    Optional<Host> host() {
        return Optional.ofNullable(host);
    }

    @Override
    public Optional<Problem> problem() {
        Optional<Problem> configured = settings.problem();
        if (configured.isPresent() || host == null) {
            return configured;
        }
        return host.problem()
                .map(problem -> new Problem(
                        "broker of the workers",
                        problem.lines().findFirst().orElse(problem),
                        "correct the configuration " + PID + ", or start the broker; it is tried again all the time",
                        true));
    }
}
