package org.patchreel.impl.admin;

import java.util.List;
import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.Result;

/** Tells findings in terms of Felix health checks: what has to be put right soon is a warning, what does not work critical. */
final class HealthReport {
    private HealthReport() {}

    static Result of(List<Finding> findings) {
        FormattingResultLog log = new FormattingResultLog();
        for (Finding finding : findings) {
            String line = finding.subject() + ": " + finding.state();
            switch (finding.urgency()) {
                case NONE -> log.info("{}", line);
                case SOON -> log.warn("{}: {}", line, finding.remedy());
                case NOW -> log.critical("{}: {}", line, finding.remedy());
            }
        }
        return new Result(log);
    }
}
