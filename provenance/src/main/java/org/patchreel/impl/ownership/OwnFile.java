package org.patchreel.impl.ownership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Tells files of this installation from planted ones. Whoever can put a secret, a key or a database of manifests into
 * place can make marks and proofs of their own; a folder that others may write to, such as one below {@code /tmp}, is
 * enough for that.
 */
public final class OwnFile {

    private static final Path PROCESS = Path.of("/proc/self");
    private static final int ROOT = 0;

    private OwnFile() {}

    /**
     * Refuses a file that somebody else may have written: one that belongs to neither the user of this process nor root, or
     * that everybody may write to. A group is the operator's to choose. A link is looked at and followed.
     *
     * @param file exists
     * @throws IOException if it may be somebody else's; the message names the file and the remedy
     */
    public static void check(Path file) throws IOException {
        int user = owner(PROCESS);
        for (LinkOption[] way : new LinkOption[][] {{LinkOption.NOFOLLOW_LINKS}, {}}) {
            int owner = owner(file, way);
            if (owner != user && owner != ROOT) {
                throw new IOException(file + ": belongs to the user with the number " + owner
                        + ", who may have put it there; it must belong to " + user + " or root");
            }
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        if (permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(file + ": may be written by everybody (" + PosixFilePermissions.toString(permissions)
                    + "); chmod 600 after it was checked");
        }
    }

    private static int owner(Path file, LinkOption... options) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:uid", options);
    }
}
