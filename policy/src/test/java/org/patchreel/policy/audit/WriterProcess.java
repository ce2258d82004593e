package org.patchreel.policy.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** Writes records until it is killed; prints the sequence of each when it is recorded. */
final class WriterProcess {

    private WriterProcess() {}

    public static void main(String[] arguments) throws Exception {
        AuditLog log = new AuditLog(
                new AuditFolder(Path.of(arguments[0]), Duration.ofSeconds(20)),
                arguments[1],
                InstantSource.system(),
                20_000);
        while (true) {
            AuditRecord record = log.append(new AuditRecord.Entry(
                            InstantSource.system().instant(),
                            arguments[1],
                            "made",
                            "job",
                            Map.of("filling", "x".repeat(3000)),
                            Map.of()))
                    .record();
            System.out.println(record.sequence() + " " + record.hash());
            System.out.flush();
        }
    }
}
