package org.patchreel.impl.c2pa.jumbf;

/** Bytes that are no well-formed superbox, or go beyond the reader's bounds; the message says where. */
public final class JumbfException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    JumbfException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** {@return the message} */
    public String reason() {
        return reason;
    }
}
