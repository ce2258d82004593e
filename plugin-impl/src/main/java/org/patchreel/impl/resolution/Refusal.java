package org.patchreel.impl.resolution;

/** A request that is not answered, with the reason. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;
    final int status;
    final String reason;

    Refusal(int status, String reason) {
        super(reason);
        this.status = status;
        this.reason = reason;
    }
}
