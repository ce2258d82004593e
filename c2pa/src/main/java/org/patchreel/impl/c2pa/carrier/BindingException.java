package org.patchreel.impl.c2pa.carrier;

import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/** A binding is not of the file that it is in, or is not well-formed. */
final class BindingException extends Exception {
    private static final long serialVersionUID = 1;

    private final StatusCode code;
    private final String reason;

    /**
     * Says what does not hold.
     *
     * @param code for the report
     * @param reason in words
     */
    BindingException(StatusCode code, String reason) {
        super(reason);
        this.code = code;
        this.reason = reason;
    }

    /** Adds it to the findings on an assertion. */
    void addTo(StatusLog log, String url) {
        log.add(code, url, reason);
    }
}
