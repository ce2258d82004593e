package org.patchreel.sling;

import java.io.IOException;
import javax.jcr.LoginException;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.apache.sling.jcr.api.SlingRepository;

/**
 * A session of the bundle's service user.
 *
 * @param session belongs to the caller until it is closed
 */
record ServiceSession(Session session) implements AutoCloseable {

    /**
     * Logs in.
     *
     * @throws IOException if no service user is mapped or the repository is not there; the message says so
     */
    static ServiceSession open(SlingRepository repository) throws IOException {
        try {
            return new ServiceSession(repository.loginService(null, null));
        } catch (LoginException e) {
            throw new IOException(
                    "the repository gives no access: no service user is mapped to the bundle org.patchreel.sling, or it"
                            + " does not exist (" + e.getMessage() + ")",
                    e);
        } catch (RepositoryException e) {
            throw RepositoryFailure.of("/", e);
        }
    }

    @Override
    public void close() {
        session.logout();
    }
}
