package org.patchreel.impl.generator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.Cost;
import org.patchreel.impl.jobs.JobRecord;
import org.patchreel.impl.jobs.JobRegister;
import org.patchreel.impl.jobs.Price;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the register what has happened already, and keeps what it cannot write now until a later {@link #retry}: the disk was
 * full, perhaps. Not safe for use by several threads.
 */
final class PendingWrites {

    private static final Logger log = LoggerFactory.getLogger(PendingWrites.class);

    private final JobRegister register;

    /** The latest version of each job that could not be written. */
    private final Map<String, JobRecord> states = new LinkedHashMap<>();

    private final Deque<Charge> charges = new ArrayDeque<>();

    PendingWrites(JobRegister register) {
        this.register = register;
    }

    /** Device time that could not be written. */
    private record Charge(JobRecord job, Duration time, Optional<Cost> cost, boolean completed) {}

    /** Writes where a job stands. */
    void save(JobRecord record) {
        try {
            register.save(List.of(record));
            states.remove(record.id());
        } catch (IOException e) {
            states.put(record.id(), record);
            log.warn("The state of generation {} is written later: {}", record.id(), e.getMessage());
        }
    }

    /**
     * Charges device time to a job.
     *
     * @param job that kept the device busy
     * @param time for which it did, since the last call
     * @param price of a second
     * @param completed whether its frames are complete
     */
    void charge(JobRecord job, Duration time, Optional<Price> price, boolean completed) {
        Charge charge = new Charge(job, time, price.map(each -> each.of(time)), completed);
        try {
            write(charge);
        } catch (IOException e) {
            charges.add(charge);
            log.warn("The device time of generation {} is written later: {}", job.id(), e.getMessage());
        }
    }

    private void write(Charge charge) throws IOException {
        register.charge(charge.job(), charge.time(), charge.cost(), charge.completed());
    }

    /** Writes what could not be written. */
    void retry() throws IOException {
        // first: whoever sees that a job has ended may ask at once what it has used
        while (!charges.isEmpty()) {
            write(charges.element());
            charges.remove();
        }
        if (!states.isEmpty()) {
            register.save(List.copyOf(states.values()));
            log.info("What could not be written of {} jobs is written now", states.size());
            states.clear();
        }
    }

    /** {@return whether all is written} */
    boolean isEmpty() {
        return states.isEmpty() && charges.isEmpty();
    }
}
