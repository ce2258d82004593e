package org.patchreel.broker;

import java.util.List;
import java.util.Optional;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.patchreel.broker.wire.Announcement;
import org.patchreel.spi.ComponentStatus.Problem;

/**
 * Tells a host's Felix health checks whether the broker is connected, and how many workers are: none is a warning, unless
 * nothing is configured.
 */
@Component(
        service = HealthCheck.class,
        property = {"hc.name=Patchreel workers", "hc.tags=patchreel", "hc.mbean.name=patchreelWorkers"})
public final class WorkersHealthCheck implements HealthCheck {

    private final @Nullable RemoteWorkers remote;

    /**
     * Creates the check.
     *
     * @param remote absent without a configuration
     */
    @Activate
    public WorkersHealthCheck(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RemoteWorkers remote) {
        this.remote = remote;
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        Optional<Problem> problem = remote == null ? Optional.empty() : remote.problem();
        if (problem.isPresent()) {
            log.critical("{}: {}", problem.get().line(), problem.get().remedy());
        } else if (remote == null || remote.host().isEmpty()) {
            log.info("no broker is configured");
        } else if (!remote.host().get().isConnected()) {
            log.warn("the broker is being connected");
        } else {
            List<Announcement> workers = remote.host().get().workers();
            if (workers.isEmpty()) {
                log.warn("the broker is connected, and no worker is: start one");
            } else {
                log.info(
                        "{} workers: {}",
                        workers.size(),
                        String.join(
                                ", ", workers.stream().map(Announcement::name).toList()));
            }
        }
        return new Result(log);
    }
}
