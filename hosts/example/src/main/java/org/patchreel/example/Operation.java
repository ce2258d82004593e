package org.patchreel.example;

import java.util.Map;

/** The host's API: an operation of a running workflow. */
public interface Operation {

    /** {@return its ID: letters and digits, kept over restarts of the host} */
    String id();

    /** {@return what the workflow definition configures} */
    Map<String, String> configuration();

    /** {@return what the workflow works on} */
    MediaPackage mediaPackage();

    /** {@return the name of the user who has started the workflow} */
    String startedBy();

    /** {@return whether somebody has stopped the workflow} */
    boolean stopped();

    /**
     * Tells people how far the operation is, or why it ended so.
     *
     * @param message one line
     */
    void tell(String message);
}
