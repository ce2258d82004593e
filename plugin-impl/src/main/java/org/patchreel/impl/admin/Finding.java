package org.patchreel.impl.admin;

/**
 * What the doctor found about one thing.
 *
 * @param subject the thing
 * @param urgency how soon somebody has to do something
 * @param state how it is, in one line
 * @param remedy what to do about it; empty if there is nothing to do
 */
record Finding(String subject, Urgency urgency, String state, String remedy) {

    /** How soon somebody has to do something. */
    enum Urgency {
        /** It is as it should be. */
        NONE,
        /** It still works. */
        SOON,
        /** It does not work. */
        NOW
    }

    static Finding good(String subject, String state) {
        return new Finding(subject, Urgency.NONE, state, "");
    }

    static Finding soon(String subject, String state, String remedy) {
        return new Finding(subject, Urgency.SOON, state, remedy);
    }

    static Finding bad(String subject, String state, String remedy) {
        return new Finding(subject, Urgency.NOW, state, remedy);
    }

    /** {@return whether it works now} */
    boolean good() {
        return urgency != Urgency.NOW;
    }
}
