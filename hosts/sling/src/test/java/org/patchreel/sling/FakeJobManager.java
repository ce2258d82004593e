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

    /** As Sling makes them. */
    static final String ID = "2026/11/24/12/10/617e4686-781a-4e65-bd8d-717336769616_";

    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final List<String> removed = new ArrayList<>();
    private final List<String> stopped = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    JobManager manager() {
        return (JobManager) Proxy.newProxyInstance(
                FakeJobManager.class.getClassLoader(),
                new Class<?>[] {JobManager.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "addJob" -> {
                            @SuppressWarnings("unchecked")
                            Map<String, Object> properties = (Map<String, Object>) arguments[1];
                            return add(new FakeJob(
                                    ID + jobs.size(),
                                    String.valueOf(arguments[0]),
                                    Map.copyOf(properties),
                                    0,
                                    Job.JobState.QUEUED));
                        }
                        case "findJobs" -> {
                            return jobs.values().stream()
                                    .filter(job -> job.getTopic().equals(arguments[1]))
                                    .toList();
                        }
                        case "getJobById" -> {
                            asked.add(String.valueOf(arguments[0]));
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

    List<String> asked() {
        return asked;
    }

    List<String> removed() {
        return removed;
    }

    List<String> stopped() {
        return stopped;
    }
}
