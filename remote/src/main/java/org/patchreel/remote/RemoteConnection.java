package org.patchreel.remote;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to the generator. Without a configuration there is none, and none of the services that need it. With one that is
 * wrong they are there and say what is wrong with it. Safe for use from any thread.
 */
@Component(
        service = {RemoteConnection.class, ComponentStatus.class},
        configurationPid = RemoteConnection.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RemoteConnection.Config.class)
public final class RemoteConnection implements ComponentStatus {

    static final String PID = "org.patchreel.remote";

    /**
     * Ranking of the services: below those of a generator in this framework, whose parts find each other without a filter and must
     * not find these.
     */
    static final String RANKING = "service.ranking:Integer=-100";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteConnection.class);

    @ObjectClassDefinition(
            name = "Patchreel on another machine",
            description = "Address and credentials of a generator whose API this installation uses. See docs/remote.md")
    @interface Config {
        @AttributeDefinition(
                description =
                        "Address of the generator, up to where /patchreel/api/v1 begins: https://HOST[:PORT][/PATH];"
                                + " http:// is for this machine alone")
        String url() default "";

        // a name that begins with a dot stays out of the service's properties
        @AttributeDefinition(
                type = AttributeType.PASSWORD,
                description =
                        "Token of the role editor, from the generator's api-tokens; empty if a certificate says who"
                                + " asks")
        String _token() default "";

        @AttributeDefinition(
                description =
                        "PKCS#12 store with the key and the certificate of this side: a file, relative to the home"
                                + " folder, or base64: and the store itself; empty for none")
        String keystore() default "";

        @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the keystore and its entries")
        String _keystore_password() default "";

        @AttributeDefinition(
                description = "PKCS#12 store with the certificates of the authorities of the other side, given as the"
                        + " keystore is; empty for those of Java")
        String truststore() default "";

        @AttributeDefinition(type = AttributeType.PASSWORD, description = "Password of the truststore")
        String _truststore_password() default "";

        @AttributeDefinition(
                name = "connect.timeout",
                description = "How long a connection may take to be made, in seconds",
                min = "1",
                max = "3600")
        int connect_timeout() default 10;

        @AttributeDefinition(
                name = "request.timeout",
                description = "How long the generator may take to begin an answer, and between its bytes, in seconds",
                min = "1",
                max = "3600")
        int request_timeout() default 60;

        @AttributeDefinition(
                description = "How often a request is sent, with longer and longer pauses, before it fails for a reason"
                        + " that may pass",
                min = "1",
                max = "100")
        int tries() default 4;

        @AttributeDefinition(
                name = "poll.interval",
                description =
                        "After how many seconds a job is asked for again while no events come; longer if there are"
                                + " many",
                min = "1",
                max = "3600")
        int poll_interval() default 2;

        @AttributeDefinition(
                name = "max.source",
                description =
                        "Maximum size of a picture or clip that is uploaded, in MiB; the generator has a limit, too",
                min = "1",
                max = "1048576")
        int max_source() default 2048;
    }

    private final Settings<RemoteSettings> settings;

    /** Guarded by this; null until it is needed. */
    private @Nullable RemoteApi api;

    /** Guarded by this. */
    private boolean closed;

    /**
     * Creates the component; opens no connection.
     *
     * @param context names the home folder
     * @param config where the generator is
     * @param properties of the component
     */
    @Activate
    public RemoteConnection(BundleContext context, Config config, Map<String, Object> properties) {
        this(HomeFolder.of(context), config, properties);
    }

    RemoteConnection(HomeFolder home, Config config, Map<String, ?> properties) {
        settings = new Settings<>(PID, properties, values -> RemoteSettings.read(values, home, config));
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    RemoteConnection(RemoteSettings settings) {
        this.settings = new Settings<>(settings);
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /**
     * {@return the generator's API}
     *
     * @throws RemoteFailure if the configuration is wrong; the message names the value
     * @throws IllegalStateException if this component has stopped
     */
    synchronized RemoteApi api() throws RemoteFailure {
        if (closed) {
            throw new IllegalStateException("the connection to the generator is closed");
        }
        @Nullable RemoteApi known = api;
        if (known == null) {
            try {
                known = new RemoteApi(settings.get());
                api = known;
            } catch (ConfigurationException e) {
                throw RemoteFailure.lasting(e.getMessage(), e);
            }
        }
        return known;
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        if (api != null) {
            api.close();
        }
    }
}
