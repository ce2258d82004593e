package org.patchreel.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps pictures and clips that requests refer to, by their content: the same file is kept once. A file that no request has used
 * for the configured time is deleted. A service; its methods may be called from any thread.
 */
@ProviderType
public interface SourceStore {

    /**
     * Keeps a file. It is not decoded: whether it is a picture or a clip that can be used, a request says that refers to it.
     *
     * @param content its bytes, read to the end; not closed here
     * @param name see {@link Media.Upload#name()}
     * @return what a request refers to it by
     * @throws TooLargeException if it is larger than {@link #maxBytes()}; the message names it
     * @throws IllegalArgumentException if it is empty; the message names it
     * @throws FullException if there is no room for it
     * @throws IOException if it cannot be read or kept; nothing is left of it then
     */
    Media.Upload put(InputStream content, String name) throws IOException;

    /**
     * Keeps a copy of a file that can be fetched again from where it comes. If there is no room for it, copies are deleted that
     * were not used for the longest time; files that were {@linkplain #put put} stay.
     *
     * @param content as above
     * @param name as above
     * @param needed digests of copies that stay, too, because they are in use
     * @return as above
     * @throws TooLargeException as above
     * @throws IllegalArgumentException as above
     * @throws FullException if there is no room for it although no further copy could be deleted
     * @throws IOException as above
     */
    default Media.Upload putCopy(InputStream content, String name, Set<String> needed) throws IOException {
        return put(content, name);
    }

    /**
     * Tells whether a file is kept, and keeps it from now on as if a request had used it.
     *
     * @param sha256 of its content, 64 lower-case hexadecimal digits
     * @return false for what is no such digest, too
     * @throws IOException if the folder cannot be read
     */
    boolean contains(String sha256) throws IOException;

    /**
     * Opens a file for reading: for policies that look at what a request is made of. It may come from anywhere
     * and be hostile.
     *
     * @param sha256 of its content, 64 lower-case hexadecimal digits
     * @return the file's bytes; the caller closes the stream; empty if it is not kept
     * @throws IOException if it cannot be read
     */
    Optional<InputStream> open(String sha256) throws IOException;

    /** {@return the maximum size of a file, in bytes} */
    long maxBytes();

    /** A file is larger than those that a store keeps. */
    final class TooLargeException extends IllegalArgumentException {

        private static final long serialVersionUID = 1;

        /**
         * Says which.
         *
         * @param message names the file and the limit
         */
        public TooLargeException(String message) {
            super(message);
        }
    }

    /** A store has no room for a further file. */
    final class FullException extends IOException {

        private static final long serialVersionUID = 1;

        /**
         * Says for which.
         *
         * @param message names the file and the limit
         */
        public FullException(String message) {
            super(message);
        }
    }
}
