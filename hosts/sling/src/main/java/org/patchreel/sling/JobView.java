package org.patchreel.sling;

import java.io.IOException;
import java.io.Writer;
import java.time.Instant;
import java.util.Calendar;
import java.util.Locale;
import org.apache.felix.utils.json.JSONWriter;
import org.apache.sling.event.jobs.Job;
import org.apache.sling.event.jobs.Job.JobState;

/**
 * A job as JSON: {@code job} and {@code asset} (IDs), {@code state} (queued, active, succeeded; or stopped, dropped,
 * error, given_up),
 * {@code percent}, {@code expected} (when it will be done, ISO 8601), {@code stages} (those begun), {@code attempts} (failed
 * ones), {@code message} (why the last one failed), {@code path} (of the clip).
 */
record JobView(Job job) {

    void write(Writer writer) throws IOException {
        JSONWriter json = new JSONWriter(writer);
        json.object();
        json.key("job").value(job.getId());
        json.key("asset").value(JobArguments.assetId(job.getId()));
        json.key("state").value(job.getJobState().name().toLowerCase(Locale.ROOT));
        json.key("percent").value(percent());
        Calendar expected = job.getFinishedProgressStep() > 0 ? job.getProgressETA() : null;
        if (job.getJobState() == JobState.ACTIVE && expected != null) {
            json.key("expected")
                    .value(Instant.ofEpochMilli(expected.getTimeInMillis()).toString());
        }
        String[] log = job.getProgressLog();
        if (log != null) {
            json.key("stages").array();
            for (String line : log) {
                json.value(line);
            }
            json.endArray();
        }
        if (job.getRetryCount() > 0) {
            json.key("attempts").value(job.getRetryCount());
        }
        String message = job.getResultMessage();
        if (message != null) {
            json.key(job.getJobState() == JobState.SUCCEEDED ? "path" : "message")
                    .value(message);
        }
        json.endObject();
        json.flush();
    }

    private int percent() {
        int steps = job.getProgressStepCount();
        if (job.getJobState() == JobState.SUCCEEDED) {
            return 100;
        }
        return steps > 0 ? Math.max(0, job.getFinishedProgressStep()) * 100 / steps : 0;
    }
}
