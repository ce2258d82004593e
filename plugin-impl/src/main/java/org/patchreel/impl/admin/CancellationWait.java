package org.patchreel.impl.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;

/**
 * Waits for jobs that were cancelled: their process, another one perhaps, has to notice, and a model ends the operation that it is
 * in.
 *
 * @param register has the jobs
 * @param patience maximum time to wait
 */
record CancellationWait(JobRegister register, Duration patience) {

    private static final int INTERVAL_MILLIS = 100;

    /**
     * Waits until all have ended, but no longer than the patience.
     *
     * @param ids of the jobs
     * @return the jobs as they are then; those that the register has forgotten are left out
     * @throws IOException if the register cannot be read
     * @throws InterruptedException if the thread is interrupted; the jobs stay cancelled
     */
    List<JobRecord> await(List<String> ids) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            List<JobRecord> jobs = find(ids);
            boolean ended = jobs.stream().allMatch(job -> job.status().state().isEnded());
            if (ended || System.nanoTime() - end >= 0) {
                return jobs;
            }
            Thread.sleep(INTERVAL_MILLIS);
        }
    }

    private List<JobRecord> find(List<String> ids) throws IOException {
        List<JobRecord> jobs = new ArrayList<>();
        for (String id : ids) {
            register.find(id).ifPresent(jobs::add);
        }
        return jobs;
    }
}
