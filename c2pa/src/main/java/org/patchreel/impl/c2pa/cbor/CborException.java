package org.patchreel.impl.c2pa.cbor;

/** Bytes that are not well-formed CBOR, or go beyond the reader's bounds; the message says where. */
public final class CborException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    CborException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** {@return the message} */
    public String reason() {
        return reason;
    }
}
