package org.patchreel.sling;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import org.apache.sling.event.jobs.consumer.JobExecutionContext;
import org.apache.sling.event.jobs.consumer.JobExecutionResult;
import org.jspecify.annotations.Nullable;

/** What Sling gives an executor beside the job. */
final class FakeContext implements JobExecutionContext {

    final List<Long> estimates = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    int percent;
    int saves;
    volatile boolean stopped;

    enum End {
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    record Result(End end, String message, @Nullable Long delay) implements JobExecutionResult {
        @Override
        public boolean succeeded() {
            return end == End.SUCCEEDED;
        }

        @Override
        public boolean cancelled() {
            return end == End.CANCELLED;
        }

        @Override
        public boolean failed() {
            return end == End.FAILED;
        }

        @Override
        public String getMessage() {
            return message;
        }

        @Override
        public @Nullable Long getRetryDelayInMs() {
            return delay;
        }
    }

    @Override
    public void asyncProcessingFinished(JobExecutionResult result) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public void initProgress(int steps, long eta) {
        if (steps != 100) {
            throw new IllegalArgumentException("not in per cent: " + steps);
        }
    }

    @Override
    public void incrementProgressCount(int steps) {
        saves++;
        percent += steps;
    }

    @Override
    public void updateProgress(long eta) {
        estimates.add(eta);
    }

    @Override
    public void log(String message, Object... arguments) {
        log.add(MessageFormat.format(message, arguments));
    }

    @Override
    public ResultBuilder result() {
        return new ResultBuilder() {
            private String message = "";

            @Override
            public ResultBuilder message(String text) {
                message = text;
                return this;
            }

            @Override
            public JobExecutionResult succeeded() {
                return new Result(End.SUCCEEDED, message, null);
            }

            @Override
            public JobExecutionResult failed() {
                return new Result(End.FAILED, message, null);
            }

            @Override
            public JobExecutionResult failed(long delay) {
                return new Result(End.FAILED, message, delay);
            }

            @Override
            public JobExecutionResult cancelled() {
                return new Result(End.CANCELLED, message, null);
            }
        };
    }
}
