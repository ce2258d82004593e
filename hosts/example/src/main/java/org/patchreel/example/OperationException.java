package org.patchreel.example;

/** The host's API: ends a workflow as failed. */
public final class OperationException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message for the operator
     */
    public OperationException(String message) {
        super(message);
    }
}
