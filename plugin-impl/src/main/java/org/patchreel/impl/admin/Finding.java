package org.patchreel.impl.admin;

/**
 * What the doctor found about one thing.
 *
 * @param subject the thing
 * @param good whether it is as it should be
 * @param state how it is, in one line
 * @param mend what to do about it; empty if it is good
 */
record Finding(String subject, boolean good, String state, String mend) {

    static Finding good(String subject, String state) {
        return new Finding(subject, true, state, "");
    }

    static Finding bad(String subject, String state, String mend) {
        return new Finding(subject, false, state, mend);
    }
}
