package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.JobsConfiguration;

/** Has the register forget jobs that ended long ago, once an hour. Not safe for use by several threads. */
final class RecordExpiry {

    private static final long INTERVAL_NANOS = TimeUnit.HOURS.toNanos(1);

    private final JobRegister register;
    private final JobsConfiguration configuration;
    private final InstantSource clock;
    private long last = System.nanoTime() - INTERVAL_NANOS;

    RecordExpiry(JobRegister register, JobsConfiguration configuration, InstantSource clock) {
        this.register = register;
        this.configuration = configuration;
        this.clock = clock;
    }

    /** Forgets them, if it is time. */
    void forget() throws IOException {
        long now = System.nanoTime();
        if (now - last >= INTERVAL_NANOS) {
            last = now;
            register.forget(clock.instant().minus(configuration.get().kept()));
        }
    }
}
