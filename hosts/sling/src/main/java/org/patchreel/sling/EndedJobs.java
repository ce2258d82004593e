package org.patchreel.sling;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.sling.event.jobs.JobManager;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has Sling remove jobs that ended some time ago: the queue keeps them, so that those who asked learn what became of their
 * job, and nobody else removes them. Run by Sling's scheduler, on one instance of a cluster.
 */
@Component(
        service = {Runnable.class, ComponentStatus.class},
        configurationPid = EndedJobs.PID,
        property = {
            "scheduler.period:Long=86400",
            "scheduler.immediate:Boolean=true",
            "scheduler.concurrent:Boolean=false",
            "scheduler.runOn=SINGLE"
        })
@Designate(ocd = EndedJobs.Config.class)
public final class EndedJobs implements Runnable, ComponentStatus {

    static final String PID = "org.patchreel.sling.jobs";

    private static final Logger LOG = LoggerFactory.getLogger(EndedJobs.class);

    /** Sling's task, which removes ended jobs of a topic. */
    static final String TASK = "org/apache/sling/event/impl/jobs/tasks/HistoryCleanUpTask";

    /** The topic as it is named where Sling keeps ended jobs, which is what the task looks at. */
    static final String STORED_TOPIC = JobArguments.TOPIC.replace('/', '.');

    /** Sling's task counts minutes in an int. */
    private static final int MAX_DAYS = Integer.MAX_VALUE / (24 * 60);

    @ObjectClassDefinition(name = "Patchreel ended jobs", description = "How long Sling keeps jobs that have ended")
    @interface Config {
        @AttributeDefinition(description = "Days after which a job that has ended is removed", min = "1")
        int keep_days() default 7;
    }

    private final JobManager jobs;
    private final Settings<Duration> settings;

    /**
     * Waits for the scheduler.
     *
     * @param jobs passes the task on
     * @param config how long jobs are kept
     * @param properties of the component
     */
    @Activate
    public EndedJobs(@Reference JobManager jobs, Config config, Map<String, Object> properties) {
        this.jobs = jobs;
        this.settings = new Settings<>(PID, properties, values -> age(values, config));
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> age(values, config));
        warn();
    }

    private static Duration age(ConfigurationValues values, Config config) {
        return Duration.ofDays(values.integer("keep.days", config::keep_days, 1, MAX_DAYS));
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    @Override
    public void run() {
        Duration age;
        try {
            age = settings.get();
        } catch (ConfigurationException e) {
            LOG.warn("No ended job is removed: {}", e.getMessage());
            return;
        }
        jobs.addJob(TASK, Map.of("age", (int) age.toMinutes(), "topic", STORED_TOPIC));
    }
}
