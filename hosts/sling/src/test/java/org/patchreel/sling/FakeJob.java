package org.patchreel.sling;

import java.util.Calendar;
import java.util.Map;
import java.util.Set;
import org.apache.sling.event.jobs.Job;
import org.jspecify.annotations.Nullable;

/** A job with properties, as Sling hands it to an executor. */
record FakeJob(String id, String topic, Map<String, Object> properties, int retries, JobState state) implements Job {

    FakeJob(String id, Map<String, Object> properties) {
        this(id, JobArguments.TOPIC, properties, 0, JobState.QUEUED);
    }

    @Override
    public String getTopic() {
        return topic;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return properties.get(name);
    }

    @Override
    public Set<String> getPropertyNames() {
        return properties.keySet();
    }

    @Override
    public <T> @Nullable T getProperty(String name, Class<T> type) {
        return type.cast(properties.get(name));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getProperty(String name, T defaultValue) {
        return (T) properties.getOrDefault(name, defaultValue);
    }

    @Override
    public int getRetryCount() {
        return retries;
    }

    @Override
    public int getNumberOfRetries() {
        return 10;
    }

    @Override
    public String getQueueName() {
        return "patchreel";
    }

    @Override
    public String getTargetInstance() {
        return "here";
    }

    @Override
    public @Nullable Calendar getProcessingStarted() {
        return null;
    }

    @Override
    public Calendar getCreated() {
        return Calendar.getInstance();
    }

    @Override
    public String getCreatedInstance() {
        return "here";
    }

    @Override
    public JobState getJobState() {
        return state;
    }

    @Override
    public @Nullable Calendar getFinishedDate() {
        return null;
    }

    @Override
    public @Nullable String getResultMessage() {
        return null;
    }

    @Override
    public String @Nullable [] getProgressLog() {
        return null;
    }

    @Override
    public int getProgressStepCount() {
        return -1;
    }

    @Override
    public int getFinishedProgressStep() {
        return -1;
    }

    @Override
    public @Nullable Calendar getProgressETA() {
        return null;
    }
}
