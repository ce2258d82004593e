package org.patchreel.example;

/** The host's API: a kind of operation that workflow definitions can name. */
public abstract class OperationHandler {

    /** What the workflow does next. */
    public enum Action {
        /** The next operation. */
        CONTINUE,
        /** The operation that is named for the case that this one does not apply. */
        SKIP
    }

    /** {@return the name in workflow definitions} */
    public abstract String name();

    /**
     * Executes an operation. Blocks; called again, with the same operation, after the host was restarted.
     *
     * @param operation with its configuration and its media package
     * @return what to do next
     * @throws OperationException if the workflow shall fail
     */
    public abstract Action start(Operation operation) throws OperationException;
}
