package org.patchreel.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetId;
import org.patchreel.broker.jms.BrokerAddress;
import org.patchreel.broker.jms.Connector;
import org.patchreel.broker.jms.EmbeddedBroker;
import org.patchreel.broker.jms.Login;
import org.patchreel.broker.jms.TlsStores;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

/**
 * What is configured.
 *
 * @param folder of this part, in the home folder
 * @param host ID of the host; empty to make one
 * @param embedded the broker of this process, if there shall be one
 * @param external connects to another broker, if there is one
 * @param tries how many workers may begin a job
 * @param ahead how many orders wait beyond those that workers make
 * @param ranking of the models of workers
 */
record BrokerSettings(
        Path folder,
        Optional<String> host,
        Optional<EmbeddedBroker.Settings> embedded,
        Optional<Connector> external,
        int tries,
        int ahead,
        int ranking) {

    private static final int MIN_PASSWORD = 12;
    private static final int MAX_TRIES = 100;
    private static final int MAX_MEBIBYTES = 1 << 20;

    static BrokerSettings read(ConfigurationValues values, HomeFolder home, RemoteWorkers.Config config) {
        boolean embedded = values.flag("embedded", config::embedded);
        String url = config.url().strip();
        if (embedded && !url.isEmpty()) {
            throw values.refused("embedded and url are both set: a host has one broker");
        }
        String name = config.name().strip();
        if (!name.isEmpty() && !AssetId.isValid(name)) {
            throw values.refused("name", "expected 1 to 64 letters and digits");
        }
        TlsStores tls = new TlsStores(
                store(home, config.keystore(), config._keystore_password()),
                store(home, config.truststore(), config._truststore_password()));
        Path folder = home.resolve("broker");
        Login login = new Login(config.user(), config._password());
        return new BrokerSettings(
                folder,
                name.isEmpty() ? Optional.empty() : Optional.of(name),
                embedded ? Optional.of(embedded(values, config, tls, folder, login)) : Optional.empty(),
                url.isEmpty() ? Optional.empty() : Optional.of(external(values, url, tls, login)),
                values.integer("tries", config::tries, 1, MAX_TRIES),
                values.integer("ahead", config::ahead, 0, MAX_TRIES),
                values.integer("ranking", config::ranking, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }

    private static Optional<TlsStores.Store> store(HomeFolder home, String file, String password) {
        return file.isBlank() ? Optional.empty() : Optional.of(new TlsStores.Store(home.resolve(file), password));
    }

    private static EmbeddedBroker.Settings embedded(
            ConfigurationValues values, RemoteWorkers.Config config, TlsStores tls, Path folder, Login workers) {
        requirePassword(values, ".password", workers.password());
        Optional<Login> hosts = Optional.empty();
        if (!config._hosts_password().isEmpty()) {
            requirePassword(values, ".hosts.password", config._hosts_password());
            hosts = Optional.of(new Login("host", config._hosts_password()));
        }
        try {
            return new EmbeddedBroker.Settings(
                    BrokerAddress.parse(config.address()),
                    tls,
                    folder,
                    workers,
                    hosts,
                    (long) values.integer("memory", config::memory, 16, MAX_MEBIBYTES) << 20,
                    (long) values.integer("store", config::store, 64, MAX_MEBIBYTES) << 20);
        } catch (IllegalArgumentException e) {
            throw values.refused("address: " + e.getMessage());
        }
    }

    private static void requirePassword(ConfigurationValues values, String key, String password) {
        if (password.length() < MIN_PASSWORD) {
            throw values.refused(key, "expected a password of at least " + MIN_PASSWORD + " characters");
        }
    }

    private static Connector external(ConfigurationValues values, String url, TlsStores tls, Login login) {
        List<BrokerAddress> addresses;
        try {
            addresses = BrokerAddress.parseAll(url);
        } catch (IllegalArgumentException e) {
            throw values.refused("url: " + e.getMessage());
        }
        return Connector.to(addresses, tls, login);
    }
}
