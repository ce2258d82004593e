package org.patchreel.sling;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.sling.event.jobs.Job;
import org.apache.sling.event.jobs.JobManager;

/** Keeps jobs and executes none; what it is not asked here, it does not answer. */
final class FakeJobManager {

    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> stopped = new ArrayList<>();

    JobManager manager() {
        return (JobManager) Proxy.newProxyInstance(
                FakeJobManager.class.getClassLoader(),
                new Class<?>[] {JobManager.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "addJob" -> {
                            @SuppressWarnings("unchecked")
                            Map<String, Object> properties = (Map<String, Object>) arguments[1];
                            return add(new FakeJob("2026/job_" + jobs.size(), Map.copyOf(properties)));
                        }
                        case "getJobById" -> {
                            return jobs.get(String.valueOf(arguments[0]));
                        }
                        case "removeJobById" -> {
                            return removed.add(String.valueOf(arguments[0]));
                        }
                        case "stopJobById" -> {
                            stopped.add(String.valueOf(arguments[0]));
                            return null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                });
    }

    Job add(Job job) {
        jobs.put(job.getId(), job);
        return job;
    }

    Map<String, Job> all() {
        return jobs;
    }

    List<String> removed() {
        return removed;
    }

    List<String> stopped() {
        return stopped;
    }
}
