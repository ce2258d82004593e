package org.patchreel.sling;

import java.io.IOException;
import java.nio.file.FileSystemException;
import javax.jcr.Node;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import javax.jcr.security.AccessControlManager;
import javax.jcr.security.Privilege;

/** Finds out whether a session may put assets into a folder. */
final class AssetFolder {

    private AssetFolder() {}

    /**
     * Refuses a folder that cannot take an asset.
     *
     * @param session of the one who wants to
     * @param path absolute
     * @throws IOException naming the folder and the reason: it is missing, it is not a folder, no permission
     */
    static void check(Session session, String path) throws IOException {
        if (!path.startsWith("/")) {
            throw new FileSystemException(path, null, "a folder is an absolute path in the repository");
        }
        try {
            if (!session.nodeExists(path)) {
                throw new FileSystemException(
                        path, null, "this folder is missing, or " + session.getUserID() + " may not read it");
            }
            if (!mayWrite(session, path)) {
                throw new FileSystemException(
                        path, null, "permission denied: " + session.getUserID() + " may not add assets to this folder");
            }
            Node folder = session.getNode(path);
            if (!folder.isCheckedOut()) {
                throw new FileSystemException(path, null, "this folder is not writable: it is checked in");
            }
            if (folder.isNodeType("nt:file") || folder.isNodeType("nt:resource")) {
                throw new FileSystemException(path, null, "this is not a folder");
            }
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(path, e);
        }
    }

    private static boolean mayWrite(Session session, String path) throws RepositoryException {
        AccessControlManager access = session.getAccessControlManager();
        return access.hasPrivileges(path, new Privilege[] {
            access.privilegeFromName(Privilege.JCR_ADD_CHILD_NODES),
            access.privilegeFromName(Privilege.JCR_MODIFY_PROPERTIES),
            access.privilegeFromName(Privilege.JCR_NODE_TYPE_MANAGEMENT)
        });
    }
}
