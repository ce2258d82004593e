package org.patchreel.spi;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps a record of what was asked for, decided, made and done with it. Every service of this type gets every event, in the order in
 * which they happen to one job. Called from any thread, also from several at once.
 */
@ConsumerType
public interface AuditSink {

    /**
     * Records an event. When this method returns, the record outlives the process and the machine.
     *
     * @param event that has happened, or that is about to happen and will not if it cannot be recorded
     * @throws IOException if it cannot be recorded; the message says why, in one line. The operator has chosen whether the
     *     generator goes on then
     */
    void record(AuditEvent event) throws IOException;
}
