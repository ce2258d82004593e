package org.patchreel.impl.c2pa.carrier;

/** A manifest whose place in a file breaks the rules of the format; the message says how. */
public final class CarrierException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    CarrierException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** {@return the message} */
    public String reason() {
        return reason;
    }
}
