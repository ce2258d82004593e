package org.patchreel.web.api;

import java.util.Optional;
import org.patchreel.api.JobSummary;
import org.patchreel.api.Requester;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/**
 * Who sends a request.
 *
 * @param role what they may do
 * @param requester the user and their groups
 * @param intent refuses requests that a browser may send without their knowledge
 */
record Caller(Role role, Requester requester, Intent intent) {

    /** Whether a caller means what was sent in their name: browsers add sessions to requests of other sites' pages, too. */
    @FunctionalInterface
    interface Intent {

        /** Of callers with a token, which no browser adds by itself. */
        Intent CERTAIN = request -> {};

        /** Refuses a request that a page of another site may have sent. */
        void require(Request request) throws Refusal;
    }

    /** {@return the user's name} */
    String name() {
        return requester.user().orElse("");
    }

    /** Refuses what needs a higher role. */
    void require(Role needed) throws Refusal {
        if (!role.includes(needed)) {
            throw new Refusal(
                    403, "this needs the role " + needed.label() + ", " + name() + " has the role " + role.label());
        }
    }

    /** {@return whether a job is the caller's own; all are an operator's} */
    boolean owns(JobSummary job) {
        return role == Role.OPERATOR || job.requester().user().equals(Optional.of(name()));
    }

    /** Refuses to change a job of somebody else, unless the caller is an operator. */
    void requireOwn(JobSummary job) throws Refusal {
        require(Role.EDITOR);
        if (!owns(job)) {
            throw new Refusal(403, "job " + job.id() + " is somebody else's: this needs the role operator");
        }
    }
}
