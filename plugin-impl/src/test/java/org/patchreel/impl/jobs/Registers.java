package org.patchreel.impl.jobs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Registers and settings for tests. */
public final class Registers {

    private Registers() {}

    /** A register of a host. */
    public static JobRegister open(Path file, InstantSource clock) {
        return new JobRegister(new JobsConfiguration(settings(file)), null, true, clock);
    }

    /** A register of a host that is another process, which lives: the one that has started this one. */
    public static JobRegister ofAnotherProcess(JobsConfiguration configuration, InstantSource clock) {
        long pid = ProcessHandle.current().parent().orElseThrow().pid();
        return new JobRegister(configuration, null, true, clock, new Owner(pid, 0));
    }

    /** Makes a job one of a process that has died. */
    public static void orphan(JobRegister register, String id) throws IOException {
        register.save(List.of(register.find(id).orElseThrow().ownedBy("1073741824@5")));
    }

    /** Settings without limits, budgets and price. */
    public static JobSettings settings(Path file) {
        return new JobSettings(
                file,
                Duration.ofDays(30),
                new JobSettings.Limits(JobSettings.UNLIMITED, JobSettings.UNLIMITED, JobSettings.UNLIMITED),
                new JobSettings.Patience(3, Duration.ZERO, Duration.ofHours(1)),
                new Budgets(Map.of(), 0.8),
                Optional.empty());
    }

    /** Lets a register refuse what is written, as on a full disk, or take it again. */
    public static void refuseWrites(JobRegister register, boolean refused) throws IOException {
        register.set("query_only = " + refused);
    }
}
