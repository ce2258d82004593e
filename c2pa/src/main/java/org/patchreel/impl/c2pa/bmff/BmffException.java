package org.patchreel.impl.c2pa.bmff;

/** Boxes that are not well-formed, or go beyond the bounds; the message says which. */
public final class BmffException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    /** Says what is wrong. */
    public BmffException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** {@return the message} */
    public String reason() {
        return reason;
    }
}
