package org.patchreel.impl.c2pa.cose;

/** A signature box that does not hold a signature; the message says why. */
public final class CoseException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    CoseException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** {@return the message} */
    public String reason() {
        return reason;
    }
}
