package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says in one line which folder cannot be used and why; the exceptions of java.nio.file often name a path alone. */
final class StoreFailure {
    private StoreFailure() {}

    static IOException of(Path folder, IOException cause) {
        IOException failure = new FileSystemException(folder.toString(), null, reason(cause));
        failure.initCause(cause);
        return failure;
    }

    /** {@return the reason in words} */
    static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (cause instanceof FileAlreadyExistsException existing) {
            return existing.getFile() + " is in the way";
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + " is missing";
        }
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return String.valueOf(cause.getMessage());
    }
}
