package org.patchreel.web.http;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Router} that a component's configuration makes. Requests that are being answered when it changes go on as they began;
 * without one that can be used, each is answered by 503. Safe for use from any thread.
 */
public final class ConfiguredRouter implements Endpoint, ComponentStatus {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredRouter.class);

    private final String pid;
    private final Function<Refusal, Response> refusals;
    private final Settings<Router> settings;

    /**
     * Reads the first configuration; what is wrong with it is logged.
     *
     * @param pid of the component
     * @param properties of the component
     * @param reader makes the router
     */
    public ConfiguredRouter(String pid, Map<String, ?> properties, Settings.Reader<Router> reader) {
        this(pid, properties, reader, Refusal::response);
    }

    /**
     * Reads the first configuration; what is wrong with it is logged.
     *
     * @param pid of the component
     * @param properties of the component
     * @param reader makes the router
     * @param refusals makes an answer of what is refused
     */
    public ConfiguredRouter(
            String pid,
            Map<String, ?> properties,
            Settings.Reader<Router> reader,
            Function<Refusal, Response> refusals) {
        this.pid = pid;
        this.refusals = refusals;
        this.settings = new Settings<>(pid, properties, reader);
        warn();
    }

    /**
     * Reads a changed configuration; what is wrong with it is logged, and the router stays.
     *
     * @param properties of the component
     * @param reader makes the router
     */
    public void update(Map<String, ?> properties, Settings.Reader<Router> reader) {
        settings.update(pid, properties, reader);
        warn();
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    @Override
    public Response answer(Request request) {
        Router router;
        try {
            router = settings.get();
        } catch (ConfigurationException e) {
            // what is wrong with it is for the operator, who is told by the log and by doctor
            return refusals.apply(new Refusal(503, "the service is not configured"));
        }
        return router.answer(request);
    }
}
