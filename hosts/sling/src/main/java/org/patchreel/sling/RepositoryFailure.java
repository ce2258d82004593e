package org.patchreel.sling;

import java.nio.file.FileSystemException;
import javax.jcr.AccessDeniedException;
import javax.jcr.NamespaceException;
import javax.jcr.PathNotFoundException;
import javax.jcr.RepositoryException;

/** Says in one line which path of the repository cannot be used and why. */
final class RepositoryFailure {
    private RepositoryFailure() {}

    static FileSystemException of(String path, RepositoryException cause) {
        FileSystemException failure = new FileSystemException(path, null, reason(cause));
        failure.initCause(cause);
        return failure;
    }

    private static String reason(RepositoryException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied for the service user: " + firstLine(cause);
        }
        if (cause instanceof PathNotFoundException) {
            return "is missing, or the service user may not read it";
        }
        if (cause instanceof NamespaceException) {
            return "a namespace is not registered (the repoinit statements of Patchreel register them): "
                    + firstLine(cause);
        }
        return firstLine(cause);
    }

    private static String firstLine(Exception cause) {
        String message = String.valueOf(cause.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
