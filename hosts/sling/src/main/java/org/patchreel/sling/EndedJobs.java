package org.patchreel.sling;

import java.time.Duration;
import java.util.Map;
import org.apache.sling.event.jobs.JobManager;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Has Sling remove jobs that ended some time ago: the queue keeps them, so that those who asked learn what became of their
 * job, and nobody else removes them. Run by Sling's scheduler, on one instance of a cluster.
 */
@Component(
        service = Runnable.class,
        configurationPid = "org.patchreel.sling.jobs",
        property = {
            "scheduler.period:Long=86400",
            "scheduler.immediate:Boolean=true",
            "scheduler.concurrent:Boolean=false",
            "scheduler.runOn=SINGLE"
        })
@Designate(ocd = EndedJobs.Config.class)
public final class EndedJobs implements Runnable {

    /** Sling's task, which removes ended jobs of a topic. */
    static final String TASK = "org/apache/sling/event/impl/jobs/tasks/HistoryCleanUpTask";

    /** The topic as it is named where Sling keeps ended jobs, which is what the task looks at. */
    static final String STORED_TOPIC = JobArguments.TOPIC.replace('/', '.');

    @ObjectClassDefinition(name = "Patchreel ended jobs", description = "How long Sling keeps jobs that have ended")
    @interface Config {
        @AttributeDefinition(description = "Days after which a job that has ended is removed", min = "1")
        int keep_days() default 7;
    }

    private final JobManager jobs;
    private final Duration age;

    /**
     * Waits for the scheduler.
     *
     * @param jobs passes the task on
     * @param config how long jobs are kept
     */
    @Activate
    public EndedJobs(@Reference JobManager jobs, Config config) {
        this(jobs, Duration.ofDays(Math.max(1, config.keep_days())));
    }

    EndedJobs(JobManager jobs, Duration age) {
        this.jobs = jobs;
        this.age = age;
    }

    @Override
    public void run() {
        jobs.addJob(TASK, Map.of("age", (int) age.toMinutes(), "topic", STORED_TOPIC));
    }
}
