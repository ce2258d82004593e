package org.patchreel.spi;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A component that stays although something is wrong with it: its configuration cannot be used, or what it needs of the
 * process is not to be had. It keeps the last good values or, if there were none, fails whatever needs them.
 * Registered as a service, so that an operator is told before it matters. May be called from any thread.
 */
@ConsumerType
public interface ComponentStatus {

    /**
     * Tells what is wrong now. Quick; may look again at a file that was missing.
     *
     * @return the problem, or empty
     */
    Optional<Problem> problem();

    /**
     * What is wrong with a component.
     *
     * @param subject what an operator knows it by, for example {@code configuration org.patchreel.media}
     * @param description for a configuration the key, its value, what is expected, and what is used instead; in one line
     * @param remedy what to do about it
     * @param usable whether the component works all the same
     */
    record Problem(String subject, String description, String remedy, boolean usable) {

        /** {@return subject and description, in one line} */
        public String line() {
            return subject + ": " + description;
        }
    }
}
