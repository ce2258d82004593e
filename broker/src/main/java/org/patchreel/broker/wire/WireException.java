package org.patchreel.broker.wire;

/** A message that is refused. The text names the field and the value in one line. */
public final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message one line
     */
    public WireException(String message) {
        super(message);
    }

    /**
     * Creates one.
     *
     * @param message one line
     * @param cause what was caught
     */
    public WireException(String message, Throwable cause) {
        super(message, cause);
    }

    /** {@return one line} */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
