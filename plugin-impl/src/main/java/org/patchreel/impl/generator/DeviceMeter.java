package org.patchreel.impl.generator;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.patchreel.impl.jobs.Price;

/**
 * Measures how long a job keeps the device busy, in laps, so that what is known of a process that dies is not older than the last
 * one. By a clock that nobody sets. The device of another machine is busy from the first progress on, at the earliest: before that,
 * the order waits. Used by one thread at a time.
 */
final class DeviceMeter {

    private final LongSupplier nanoTime;
    private Optional<Price> price = Optional.empty();
    private long began;
    private long since;
    private Duration counted = Duration.ZERO;
    private boolean running;
    private boolean elsewhere;
    private boolean waiting;

    DeviceMeter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins to measure, at a price that holds until the job has ended. */
    void start(Optional<Price> priceOfSecond) {
        price = priceOfSecond;
        began = nanoTime.getAsLong();
        since = began;
        counted = Duration.ZERO;
        running = true;
        elsewhere = false;
        waiting = false;
    }

    /** Begins to measure as {@link #start}, with the first lap: the device is another machine's. */
    void startElsewhere(Optional<Price> priceOfSecond) {
        start(priceOfSecond);
        elsewhere = true;
        waiting = true;
    }

    /**
     * {@return the time since the last lap, whole milliseconds, if it is long enough}
     *
     * @param least that is long enough, in nanoseconds
     */
    Optional<Duration> lap(long least) {
        long now = nanoTime.getAsLong();
        if (waiting) {
            waiting = false;
            since = now;
        }
        long passed = now - since;
        if (passed < least) {
            return Optional.empty();
        }
        Duration lap = Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(passed));
        since += lap.toNanos();
        counted = counted.plus(lap);
        return Optional.of(lap);
    }

    /** {@return the time since the last lap; nothing is measured any more} */
    Duration stop() {
        Duration last = running ? lap(0).orElse(Duration.ZERO) : Duration.ZERO;
        running = false;
        return last;
    }

    /**
     * Ends as {@link #stop}; if the device is another machine's, by what that has measured. It is not trusted: it counts up to the
     * time that has passed here.
     *
     * @param measured how long the device was busy, by the machine that has made the clip
     * @return what was not counted in laps before, whole milliseconds, 0 or more
     */
    Duration stop(Duration measured) {
        if (!elsewhere) {
            return stop();
        }
        running = false;
        Duration passed = Duration.ofNanos(nanoTime.getAsLong() - began);
        Duration total = measured.compareTo(passed) < 0 ? measured : passed;
        Duration rest = Duration.ofMillis(total.toMillis()).minus(counted);
        return rest.isNegative() ? Duration.ZERO : rest;
    }

    boolean isRunning() {
        return running;
    }

    Optional<Price> price() {
        return price;
    }
}
