package org.patchreel.broker.jms;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.SslContext;
import org.apache.activemq.broker.region.policy.ConstantPendingMessageLimitStrategy;
import org.apache.activemq.broker.region.policy.IndividualDeadLetterStrategy;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.filter.DestinationMapEntry;
import org.apache.activemq.security.AuthenticationUser;
import org.apache.activemq.security.AuthorizationEntry;
import org.apache.activemq.security.AuthorizationPlugin;
import org.apache.activemq.security.DefaultAuthorizationMap;
import org.apache.activemq.security.SimpleAuthenticationPlugin;
import org.apache.activemq.store.SharedFileLocker;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.activemq.util.DefaultIOExceptionHandler;
import org.patchreel.broker.wire.Wire;

/**
 * A broker in this process: one listener for OpenWire, a store in a folder, no JMX, no web page, no other protocol. Everybody
 * logs in; workers may do what a worker needs, and hosts what a host needs.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 256;
    private static final int JOURNAL_FILE_BYTES = 16 << 20;
    private static final int MAX_PENDING = 1000;
    private static final int UNUSED_MILLIS = 60_000;

    /** How long it takes at most until the disk space of messages that were read is free for others. */
    private static final int CLEANUP_MILLIS = 5_000;

    private static final String HOSTS = "hosts";
    private static final String WORKERS = "workers";
    private static final String BOTH = HOSTS + "," + WORKERS;

    /**
     * How a broker runs.
     *
     * @param address where it listens; port 0 lets the system choose
     * @param tls its key, and the authorities of those who connect; needed for {@code ssl}
     * @param folder of its store
     * @param workers who workers log in as
     * @param hosts who other hosts log in as, if there are any
     * @param memoryBytes for messages in memory
     * @param storeBytes for messages on the disk
     */
    public record Settings(
            BrokerAddress address,
            TlsStores tls,
            Path folder,
            Login workers,
            Optional<Login> hosts,
            long memoryBytes,
            long storeBytes) {

        /**
         * Checks the address against the keys.
         *
         * @throws IllegalArgumentException if it is {@code ssl} without both stores: whoever can reach it could try passwords
         */
        public Settings {
            if (address.tls() && (tls.keys().isEmpty() || tls.trusted().isEmpty())) {
                throw new IllegalArgumentException(
                        address + " needs a keystore and a truststore: both sides show certificates");
            }
        }
    }

    private final BrokerService broker;
    private final BrokerAddress address;
    private final Login own;

    private EmbeddedBroker(BrokerService broker, BrokerAddress address, Login own) {
        this.broker = broker;
        this.address = address;
        this.own = own;
    }

    /**
     * Starts a broker.
     *
     * @param settings how it runs
     * @return it, when it listens
     * @throws IOException if it cannot listen, another process uses its folder, or a key store cannot be read
     */
    public static EmbeddedBroker start(Settings settings) throws IOException {
        byte[] secret = new byte[24];
        new SecureRandom().nextBytes(secret);
        Login own = new Login("this-host", HexFormat.of().formatHex(secret));
        BrokerService broker = new BrokerService();
        try {
            configure(broker, settings, own);
            broker.start();
            if (!broker.waitUntilStarted()) {
                throw new IOException(cause(broker.getStartException()));
            }
            return new EmbeddedBroker(broker, settings.address(), own);
        } catch (IOException e) {
            stop(broker);
            throw e;
        } catch (Exception e) {
            stop(broker);
            throw new IOException("the broker does not start at " + settings.address() + ": " + cause(e), e);
        }
    }

    private static String cause(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause == null ? "no reason is known" : cause.getMessage());
    }

    private static void configure(BrokerService broker, Settings settings, Login own) throws Exception {
        broker.setBrokerName("patchreel-" + own.password().substring(0, 12));
        broker.setUseJmx(false);
        broker.setUseShutdownHook(false);
        broker.setAdvisorySupport(false);
        broker.setSchedulerSupport(false);
        broker.setStartAsync(false);
        broker.setPersistent(true);
        broker.setDeleteAllMessagesOnStartup(false);
        File folder = settings.folder().toFile();
        Files.createDirectories(settings.folder());
        broker.setDataDirectoryFile(folder);
        broker.setTmpDataDirectory(new File(folder, "tmp"));
        broker.setPersistenceAdapter(store(folder));
        broker.getSystemUsage().getMemoryUsage().setLimit(settings.memoryBytes());
        broker.getSystemUsage().getStoreUsage().setLimit(settings.storeBytes());
        broker.getSystemUsage().getTempUsage().setLimit(settings.memoryBytes());
        // otherwise a sender would hold its whole connection up, and with it the reading that makes room
        broker.getSystemUsage().setSendFailIfNoSpace(true);
        broker.setIoExceptionHandler(stopping());
        broker.setDestinationPolicy(policies());
        broker.setSchedulePeriodForDestinationPurge(UNUSED_MILLIS);
        broker.setPlugins(new BrokerPlugin[] {logins(settings, own), new AuthorizationPlugin(rights())});
        if (settings.address().tls()) {
            broker.setSslContext(
                    new SslContext(settings.tls().keyManagers(), settings.tls().trustManagers(), null));
        }
        broker.addConnector(settings.address() + "?maximumConnections=" + MAX_CONNECTIONS + "&wireFormat.maxFrameSize="
                + Wire.MAX_FRAME_BYTES
                + "&wireFormat.stackTraceEnabled=false&wireFormat.maxInactivityDuration=30000"
                + (settings.address().tls() ? "&needClientAuth=true&transport.enabledProtocols=TLSv1.3" : ""));
    }

    /** A store that could not write, because its disk was full, cannot be trusted to go on: the broker stops. */
    private static DefaultIOExceptionHandler stopping() {
        DefaultIOExceptionHandler handler = new DefaultIOExceptionHandler();
        handler.setIgnoreNoSpaceErrors(false);
        return handler;
    }

    private static KahaDBPersistenceAdapter store(File folder) throws IOException {
        KahaDBPersistenceAdapter store = new KahaDBPersistenceAdapter();
        store.setDirectory(new File(folder, "kahadb"));
        store.setJournalMaxFileLength(JOURNAL_FILE_BYTES);
        store.setCheckForCorruptJournalFiles(true);
        store.setCleanupInterval(CLEANUP_MILLIS);
        SharedFileLocker lock = new SharedFileLocker();
        lock.setFailIfLocked(true);
        store.setLocker(lock);
        return store;
    }

    private static PolicyMap policies() {
        PolicyEntry queues = new PolicyEntry();
        queues.setQueue(">");
        queues.setQueuePrefetch(1);
        queues.setPersistJMSRedelivered(true);
        IndividualDeadLetterStrategy dead = new IndividualDeadLetterStrategy();
        dead.setQueuePrefix("DLQ.");
        queues.setDeadLetterStrategy(dead);
        PolicyEntry inboxes = new PolicyEntry();
        inboxes.setQueue("patchreel.inbox.>");
        inboxes.setGcInactiveDestinations(true);
        inboxes.setInactiveTimeoutBeforeGC(UNUSED_MILLIS);
        PolicyEntry topics = new PolicyEntry();
        topics.setTopic(">");
        // news: who does not read them holds nobody up
        topics.setProducerFlowControl(false);
        ConstantPendingMessageLimitStrategy limit = new ConstantPendingMessageLimitStrategy();
        limit.setLimit(MAX_PENDING);
        topics.setPendingMessageLimitStrategy(limit);
        PolicyMap policies = new PolicyMap();
        policies.setPolicyEntries(List.of(queues, inboxes, topics));
        return policies;
    }

    private static SimpleAuthenticationPlugin logins(Settings settings, Login own) {
        List<AuthenticationUser> users = new ArrayList<>();
        users.add(new AuthenticationUser(own.user(), own.password(), HOSTS));
        users.add(new AuthenticationUser(
                settings.workers().user(), settings.workers().password(), WORKERS));
        settings.hosts().ifPresent(login -> users.add(new AuthenticationUser(login.user(), login.password(), HOSTS)));
        SimpleAuthenticationPlugin logins = new SimpleAuthenticationPlugin(users);
        logins.setAnonymousAccessAllowed(false);
        return logins;
    }

    /** Who reads, writes and creates what. What is not listed, nobody may touch. */
    @SuppressWarnings("rawtypes") // as its constructor has it
    private static DefaultAuthorizationMap rights() throws Exception {
        List<DestinationMapEntry> rights = new ArrayList<>();
        rights.add(queue(Destinations.ORDERS_NAME, BOTH, HOSTS));
        rights.add(queue(Destinations.RESULTS + ">", HOSTS, WORKERS));
        rights.add(queue(Destinations.HOST_INBOX + ">", HOSTS, WORKERS));
        rights.add(queue(Destinations.WORKER_INBOX + ">", WORKERS, HOSTS));
        rights.add(topic(Destinations.WORKERS.getPhysicalName(), HOSTS, WORKERS));
        rights.add(topic(Destinations.PROGRESS.getPhysicalName(), HOSTS, WORKERS));
        rights.add(topic(Destinations.CONTROL.getPhysicalName(), WORKERS, HOSTS));
        DefaultAuthorizationMap map = new DefaultAuthorizationMap(rights);
        AuthorizationEntry others = entry("nobody", "nobody", "nobody");
        map.setDefaultEntry(others);
        return map;
    }

    private static AuthorizationEntry queue(String name, String read, String write) throws Exception {
        AuthorizationEntry entry = entry(read, write, BOTH);
        entry.setQueue(name);
        return entry;
    }

    private static AuthorizationEntry topic(String name, String read, String write) throws Exception {
        AuthorizationEntry entry = entry(read, write, BOTH);
        entry.setTopic(name);
        return entry;
    }

    private static AuthorizationEntry entry(String read, String write, String create) throws Exception {
        AuthorizationEntry entry = new AuthorizationEntry();
        entry.setRead(read);
        entry.setWrite(write);
        entry.setAdmin(create);
        return entry;
    }

    /** {@return connects the host whose process this is} */
    public Connector connector() {
        return Connector.within(broker.getBrokerName(), own);
    }

    /**
     * Tells where it listens.
     *
     * @return the address, with the port that the system chose if it was to choose one
     */
    public BrokerAddress address() {
        try {
            InetSocketAddress socket =
                    broker.getTransportConnectors().get(0).getServer().getSocketAddress();
            return new BrokerAddress(address.tls(), address.host(), socket.getPort());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return whether it has stopped, by itself or because it was closed} */
    boolean hasStopped() {
        return broker.isStopped();
    }

    /** Has the store fail, for tests. */
    void fail(IOException failure) {
        broker.handleIOException(failure);
    }

    /** Stops it. What workers and hosts have not fetched stays in its folder. */
    @Override
    public void close() {
        stop(broker);
    }

    private static void stop(BrokerService broker) {
        try {
            broker.stop();
            broker.waitUntilStopped();
        } catch (Exception e) {
            // nothing more can be done about it
        }
    }
}
