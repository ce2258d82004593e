package org.patchreel.policy.audit;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.api.Requester;
import org.patchreel.spi.AuditEvent;
import org.patchreel.spi.AuditSink;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records events in files of a local folder, one line each, in a chain of hashes. Several processes may share the folder. Personal values
 * are erased after a configured time: when a file is begun, and once a day. Safe for use from any thread.
 */
@Component(
        service = {AuditSink.class, ComponentStatus.class, FileAuditSink.class},
        configurationPid = FileAuditSink.PID)
@Designate(ocd = FileAuditSink.Config.class)
public final class FileAuditSink implements AuditSink, ComponentStatus {

    static final String PID = "org.patchreel.audit.file";

    private static final Logger LOG = LoggerFactory.getLogger(FileAuditSink.class);

    /** Whoever submits a request waits; an erasure takes about a second for a file. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** More characters of prompts than the policy judges: of such a request the digests are enough. */
    private static final int MAX_TEXT = 250_000;

    private static final int FIRST_ERASURE_MINUTES = 1;
    private static final int ERASURE_MINUTES = 24 * 60;

    @ObjectClassDefinition(
            name = "Patchreel audit log",
            description = "Records what was asked for, decided, made, exported and taken down. See docs/audit.md")
    @interface Config {
        @AttributeDefinition(description = "Whether anything is recorded")
        boolean enabled() default true;

        @AttributeDefinition(
                description = "Folder of the log, on a local disk, relative to the home folder. Processes may share it,"
                        + " machines may not")
        String folder() default "audit";

        @AttributeDefinition(
                description = "What is kept of prompts",
                options = {
                    @Option(label = "their SHA-256", value = "digest"),
                    @Option(label = "their texts", value = "text")
                })
        String prompts() default "digest";

        @AttributeDefinition(
                description =
                        "Number of days after which names of persons and prompts are erased from the records; 0 for"
                                + " never")
        int retention() default 0;

        @AttributeDefinition(name = "max.size", description = "Maximum size of a file in MiB, 1 to 1024")
        int max_size() default 64;
    }

    private final HomeFolder home;
    private final InstantSource clock;
    private final String host;
    private final Settings<AuditSettings> settings;
    private final @Nullable ScheduledExecutorService daily;
    private volatile @Nullable String failure;

    /**
     * Creates the sink; nothing is written yet.
     *
     * @param context names the home folder
     * @param config where to write what
     * @param properties of the component
     */
    @Activate
    public FileAuditSink(BundleContext context, Config config, Map<String, Object> properties) {
        this(HomeFolder.of(context), config, properties, hostName(), InstantSource.system(), schedule());
        if (daily != null) {
            // eraseOld logs what fails, and shutting the pool down ends it
            ScheduledFuture<?> unused = daily.scheduleWithFixedDelay(
                    this::eraseOld, FIRST_ERASURE_MINUTES, ERASURE_MINUTES, TimeUnit.MINUTES);
        }
    }

    FileAuditSink(
            HomeFolder home,
            Config config,
            Map<String, ?> properties,
            String host,
            InstantSource clock,
            @Nullable ScheduledExecutorService daily) {
        this.home = home;
        this.host = host;
        this.clock = clock;
        this.daily = daily;
        settings = new Settings<>(PID, properties, values -> AuditSettings.read(values, home, config));
        settings.problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    private static ScheduledExecutorService schedule() {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "patchreel-audit");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Linux says it without asking a name server. */
    private static String hostName() {
        try {
            Path name = Path.of("/proc/sys/kernel/hostname");
            return Files.isReadable(name)
                    ? Files.readString(name).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Modified
    void update(Config config, Map<String, ?> properties) {
        settings.update(PID, properties, values -> AuditSettings.read(values, home, config));
        settings.problem().ifPresent(problem -> LOG.warn(problem.line()));
        failure = null;
    }

    @Deactivate
    void close() {
        if (daily != null) {
            daily.shutdownNow();
        }
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem()
                .or(() -> Optional.ofNullable(failure)
                        .map(message -> new Problem(
                                "audit log",
                                "the last event was not recorded: " + message,
                                "make the folder writable and the disk large enough",
                                false)));
    }

    private AuditSettings usable() throws IOException {
        try {
            return settings.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void record(AuditEvent event) throws IOException {
        try {
            AuditSettings now = usable();
            if (!now.enabled()) {
                return;
            }
            AuditLog.Appended appended = log(now).append(entry(event, now));
            failure = null;
            if (appended.beginsFile()) {
                eraseOld();
            }
        } catch (IOException | RuntimeException e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
    }

    /** {@return what a record has of an event, as configured} */
    private AuditRecord.Entry entry(AuditEvent event, AuditSettings now) {
        Map<String, Object> personal = new LinkedHashMap<>(requester(event.by()));
        personal.putAll(event.action().personal());
        List<String> prompts = event.action().prompts();
        if (!prompts.isEmpty()) {
            boolean texts = now.promptTexts()
                    && prompts.stream().mapToLong(String::length).sum() <= MAX_TEXT;
            personal.put(
                    texts ? "prompts" : "promptSha256",
                    texts
                            ? prompts
                            : prompts.stream().map(CanonicalJson::sha256).toList());
        }
        return new AuditRecord.Entry(
                event.time(),
                host,
                event.action().type(),
                event.subject(),
                event.action().facts(),
                personal);
    }

    /** {@return who did something, as a personal value; none if that is not known} */
    static Map<String, Object> requester(Requester by) {
        Map<String, Object> values = new LinkedHashMap<>();
        by.user().ifPresent(user -> values.put("user", user));
        if (!by.groups().isEmpty()) {
            values.put("groups", List.copyOf(new TreeSet<>(by.groups())));
        }
        by.project().ifPresent(project -> values.put("project", project));
        by.tenant().ifPresent(tenant -> values.put("tenant", tenant));
        return values.isEmpty() ? Map.of() : Map.of(AuditRecord.REQUESTER, values);
    }

    private AuditLog log(AuditSettings now) {
        return new AuditLog(folder(now), host, clock, now.maxSize());
    }

    private static AuditFolder folder(AuditSettings now) {
        return new AuditFolder(now.folder(), PATIENCE);
    }

    /** {@return the folder of the log} */
    AuditFolder folder() throws IOException {
        return folder(usable());
    }

    /** {@return verifies the log as it is now; see {@link AuditChain#verify}} */
    AuditChain.Verification verify(List<AuditFolder.Head> kept) throws IOException {
        AuditSettings now = usable();
        // a log that is not there is not made by asking for it
        boolean isThere = Files.isDirectory(now.folder());
        AuditLog.Extent extent = isThere ? log(now).extent() : new AuditLog.Extent(0, Optional.empty());
        return new AuditChain(folder(now)).verify(extent, kept);
    }

    /** Records that the records of a job are handed over. */
    void recordExport(String id, Requester by) throws IOException {
        log(usable())
                .append(new AuditRecord.Entry(clock.instant(), host, "audit-exported", id, Map.of(), requester(by)));
    }

    /** Erases what was recorded of a person; see {@link Erasure#ofUser}. */
    long erase(String user, Requester by) throws IOException {
        AuditSettings now = usable();
        return new Erasure(folder(now), log(now), clock).ofUser(user, by);
    }

    /** Erases what is older than configured. */
    void eraseOld() {
        try {
            AuditSettings now = usable();
            if (now.enabled() && now.retention().isPresent()) {
                new Erasure(folder(now), log(now), clock)
                        .olderThan(now.retention().get());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Old records of the audit log cannot be erased: {}", e.getMessage());
        }
    }
}
