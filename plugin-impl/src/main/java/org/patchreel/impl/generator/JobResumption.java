package org.patchreel.impl.generator;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.impl.jobs.JobRegister;

/**
 * Starts the generator with its host, so that the jobs that earlier runs have left go on though nobody asks for anything. In a
 * process that runs one command the generator starts when the command needs it, if it does.
 */
@Component(service = {})
public final class JobResumption {

    private final BundleContext context;
    private final ServiceReference<JobControl> generator;
    private final boolean host;

    /**
     * Starts the generator, unless this is no host.
     *
     * @param context of the bundle
     * @param register knows whether this is a host
     * @param generator is not started by being known
     */
    @Activate
    public JobResumption(
            BundleContext context, @Reference JobRegister register, @Reference ServiceReference<JobControl> generator) {
        this.context = context;
        this.generator = generator;
        this.host = register.isHost();
        if (host) {
            context.getService(generator);
        }
    }

    @Deactivate
    void stop() {
        if (host) {
            context.ungetService(generator);
        }
    }
}
