package org.patchreel.broker.jms;

/**
 * Who logs in.
 *
 * @param user name
 * @param password never shown
 */
public record Login(String user, String password) {

    /** {@return the name alone} */
    @Override
    public String toString() {
        return user;
    }
}
