package org.patchreel.impl.admin;

import java.time.InstantSource;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobsConfiguration;

/**
 * Tells a host's Felix health checks whether the register of jobs can be read, how many jobs wait and for how long the oldest has.
 * See {@link ProvenanceHealthCheck}.
 */
@Component(
        service = HealthCheck.class,
        property = {"hc.name=Patchreel jobs", "hc.tags=patchreel", "hc.mbean.name=patchreelJobs"})
public final class JobsHealthCheck implements HealthCheck {

    private final JobRegister register;
    private final JobsConfiguration configuration;

    /**
     * Creates the check.
     *
     * @param register of the jobs
     * @param configuration has the limit of the queue
     */
    @Activate
    public JobsHealthCheck(@Reference JobRegister register, @Reference JobsConfiguration configuration) {
        this.register = register;
        this.configuration = configuration;
    }

    @Override
    public Result execute() {
        return HealthReport.of(JobDiagnostics.of(register, configuration, InstantSource.system()));
    }
}
