package org.patchreel.impl.audit;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.api.Requester;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditEvent;
import org.patchreel.spi.AuditSink;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.PolicyDecision;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to all sinks, which come and go with their services. What is about to happen is {@linkplain #record recorded} before it
 * does, and does not happen if a sink fails, unless the operator has chosen otherwise; what has happened already is {@linkplain #note
 * noted}. Safe for use from any thread.
 */
@Component(
        service = {Audit.class, ComponentStatus.class},
        configurationPid = Audit.PID)
@Designate(ocd = Audit.Config.class)
public final class Audit implements ComponentStatus {

    static final String PID = "org.patchreel.audit";

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    @ObjectClassDefinition(
            name = "Patchreel audit",
            description = "What happens where an event cannot be recorded. See docs/audit.md")
    @interface Config {
        @AttributeDefinition(
                name = "on.failure",
                description = "What happens to a request, a clip, an export or a deletion that cannot be recorded",
                options = {
                    @Option(label = "it is refused", value = "refuse"),
                    @Option(label = "it goes on, and the log says so", value = "continue")
                })
        String on_failure() default "refuse";
    }

    private final Settings<Boolean> refuses;
    private final List<AuditSink> sinks = new CopyOnWriteArrayList<>();
    private final InstantSource clock;

    /**
     * Creates one without sinks.
     *
     * @param config what happens where an event cannot be recorded
     * @param properties of the component
     */
    @Activate
    public Audit(Config config, Map<String, Object> properties) {
        this(new Settings<>(PID, properties, values -> refuses(values, config)), InstantSource.system());
    }

    /**
     * Creates one without sinks.
     *
     * @param refuses whether what cannot be recorded does not happen
     */
    public Audit(boolean refuses) {
        this(new Settings<>(refuses), InstantSource.system());
    }

    private Audit(Settings<Boolean> refuses, InstantSource clock) {
        this.refuses = refuses;
        this.clock = clock;
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        refuses.update(PID, properties, values -> refuses(values, config));
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    private static boolean refuses(ConfigurationValues values, Config config) {
        return values.option(
                "on.failure", config::on_failure, List.of(Map.entry("refuse", true), Map.entry("continue", false)));
    }

    @Override
    public Optional<Problem> problem() {
        return refuses.problem();
    }

    /**
     * Adds a sink.
     *
     * @param sink gets the events from now on
     */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addSink(AuditSink sink) {
        sinks.add(sink);
    }

    /**
     * Removes a sink.
     *
     * @param sink gets no further event
     */
    public void removeSink(AuditSink sink) {
        sinks.remove(sink);
    }

    /**
     * Records what is about to happen.
     *
     * @param subject ID of the job and its asset
     * @param by who does it; {@link Requester#UNKNOWN} for the installation itself
     * @param action what
     * @throws IOException if it cannot be recorded and must not happen therefore; one line that says why
     */
    public void record(String subject, Requester by, AuditAction action) throws IOException {
        Optional<IOException> failure = tell(subject, by, action);
        if (failure.isPresent() && mustBeRecorded()) {
            throw failure.get();
        }
    }

    /**
     * Records what policies have decided, before anything follows from it.
     *
     * @param subject ID of the job
     * @param by who asks
     * @param stage what was judged
     * @param decision about it
     * @throws IOException as above
     */
    public void decided(String subject, Requester by, AuditAction.Stage stage, PolicyDecision decision)
            throws IOException {
        record(subject, by, AuditAction.Decided.of(stage, decision));
    }

    /**
     * Records what has happened; the log has it if that fails.
     *
     * @param subject as above
     * @param by as above
     * @param action as above
     * @return whether it was recorded
     */
    public boolean note(String subject, Requester by, AuditAction action) {
        return tell(subject, by, action).isEmpty();
    }

    /** Every sink gets the event, also after one has failed. */
    private Optional<IOException> tell(String subject, Requester by, AuditAction action) {
        AuditEvent event = new AuditEvent(clock.instant(), by, subject, action);
        IOException failure = null;
        for (AuditSink sink : sinks) {
            try {
                sink.record(event);
            } catch (IOException | RuntimeException e) {
                String message = PrintableText.of(String.valueOf(e.getMessage()));
                LOG.error("The event {} of {} was not recorded: {}", action.type(), subject, message);
                failure = new IOException(action.type() + " cannot be recorded: " + message, e);
            }
        }
        return Optional.ofNullable(failure);
    }

    /** Who has configured nonsense gets the strict behaviour. */
    private boolean mustBeRecorded() {
        try {
            return refuses.get();
        } catch (ConfigurationException e) {
            return true;
        }
    }
}
