package org.patchreel.impl.jobs;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.patchreel.api.Requester;

/** A process that is the host of a register until it is killed. */
final class RegisterProcess {

    private RegisterProcess() {}

    public static void main(String[] arguments) throws Exception {
        JobRegister register = Registers.open(Path.of(arguments[0]), InstantSource.system());
        register.add(
                JobRecord.submitted(
                        "1",
                        Requester.UNKNOWN,
                        new JobRecord.Subject("starter", "a ball"),
                        Instant.now(),
                        Optional.empty()),
                "work");
        System.out.println("open");
        Thread.sleep(60_000);
    }
}
