package org.patchreel.sling;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import javax.jcr.Credentials;
import javax.jcr.GuestCredentials;
import javax.jcr.LoginException;
import javax.jcr.NamespaceRegistry;
import javax.jcr.Node;
import javax.jcr.Repository;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import javax.jcr.SimpleCredentials;
import javax.jcr.Value;
import org.apache.jackrabbit.api.JackrabbitSession;
import org.apache.jackrabbit.api.security.user.User;
import org.apache.jackrabbit.commons.jackrabbit.authorization.AccessControlUtils;
import org.apache.jackrabbit.core.data.FileDataStore;
import org.apache.jackrabbit.oak.jcr.Jcr;
import org.apache.jackrabbit.oak.plugins.blob.datastore.DataStoreBlobStore;
import org.apache.jackrabbit.oak.segment.SegmentNodeStoreBuilders;
import org.apache.jackrabbit.oak.segment.file.FileStore;
import org.apache.jackrabbit.oak.segment.file.FileStoreBuilder;
import org.apache.jackrabbit.oak.segment.file.InvalidFileStoreVersionException;
import org.apache.sling.jcr.api.SlingRepository;
import org.jspecify.annotations.Nullable;

/**
 * A real Oak repository on the disk, with the Starter's node store, a data store for large binaries, access control, and
 * what the repoinit statements of Patchreel make.
 */
final class OakRepository implements SlingRepository, AutoCloseable {

    static final String ROOT = "/content/dam/patchreel";
    static final String SERVICE_USER = "patchreel";

    private final FileStore files;
    private final DataStoreBlobStore blobs;
    private final Repository repository;
    private boolean mapped = true;
    private boolean readOnly;

    private OakRepository(FileStore files, DataStoreBlobStore blobs, Repository repository) {
        this.files = files;
        this.blobs = blobs;
        this.repository = repository;
    }

    /** Opens the repository in a directory, an empty one for a new repository. */
    static OakRepository open(Path directory) throws IOException, RepositoryException {
        FileDataStore data = new FileDataStore();
        data.setPath(directory.resolve("datastore").toString());
        data.init(directory.toString());
        DataStoreBlobStore blobs = new DataStoreBlobStore(data);
        File segments = directory.resolve("segmentstore").toFile();
        FileStore files;
        try {
            files = FileStoreBuilder.fileStoreBuilder(segments)
                    .withBlobStore(blobs)
                    .withMemoryMapping(false)
                    .build();
        } catch (InvalidFileStoreVersionException e) {
            throw new IOException(e);
        }
        Repository repository = new Jcr(SegmentNodeStoreBuilders.builder(files).build()).createRepository();
        OakRepository opened = new OakRepository(files, blobs, repository);
        opened.initialise();
        return opened;
    }

    private void initialise() throws RepositoryException {
        Session admin = admin();
        try {
            if (admin.nodeExists(ROOT)) {
                return;
            }
            NamespaceRegistry namespaces = admin.getWorkspace().getNamespaceRegistry();
            namespaces.registerNamespace("patchreel", MetadataNode.NAMESPACE);
            namespaces.registerNamespace("dc", "http://purl.org/dc/elements/1.1/");
            namespaces.registerNamespace("Iptc4xmpExt", "http://iptc.org/std/Iptc4xmpExt/2008-02-29/");
            namespaces.registerNamespace("prism", "http://prismstandard.org/namespaces/basic/2.1/");
            ((JackrabbitSession) admin).getUserManager().createSystemUser(SERVICE_USER, null);
            admin.save();
            permit(folder(admin, ROOT), SERVICE_USER, "jcr:read", "rep:write");
            permit(folder(admin, AssetIndex.PATH), SERVICE_USER, "jcr:read", "rep:write");
        } finally {
            admin.logout();
        }
    }

    /** Makes a folder and those above it. */
    static Node folder(Session session, String path) throws RepositoryException {
        Node node = session.getRootNode();
        for (Path part : Path.of(path)) {
            String name = part.toString();
            node = node.hasNode(name) ? node.getNode(name) : node.addNode(name, "oak:Unstructured");
        }
        session.save();
        return node;
    }

    /** Adds a file to a folder; {@return its path} */
    static String file(Node folder, String name, byte[] content) throws RepositoryException {
        Session session = folder.getSession();
        Node file = folder.addNode(name, "nt:file");
        Node data = file.addNode("jcr:content", "nt:resource");
        data.setProperty("jcr:data", session.getValueFactory().createBinary(new ByteArrayInputStream(content)));
        session.save();
        return file.getPath();
    }

    /** Adds a user of flesh and blood. */
    static void addUser(Session session, String name) throws RepositoryException {
        ((JackrabbitSession) session).getUserManager().createUser(name, name);
        session.save();
    }

    static void permit(Node node, String user, String... privileges) throws RepositoryException {
        AccessControlUtils.addAccessControlEntry(
                node.getSession(), node.getPath(), principal(node.getSession(), user), privileges, true);
        node.getSession().save();
    }

    static void deny(Node node, String user, String... privileges) throws RepositoryException {
        AccessControlUtils.addAccessControlEntry(
                node.getSession(), node.getPath(), principal(node.getSession(), user), privileges, false);
        node.getSession().save();
    }

    private static Principal principal(Session session, String user) throws RepositoryException {
        return ((JackrabbitSession) session)
                .getUserManager()
                .getAuthorizable(user, User.class)
                .getPrincipal();
    }

    Session admin() throws RepositoryException {
        return repository.login(new SimpleCredentials("admin", "admin".toCharArray()));
    }

    Session user(String name) throws RepositoryException {
        return repository.login(new SimpleCredentials(name, name.toCharArray()));
    }

    /** {@return a session as Sling opens it for a request that nobody has signed in for} */
    Session anonymous() throws RepositoryException {
        return repository.login(new GuestCredentials());
    }

    /** Removes the mapping of the service user. */
    void unmap() {
        mapped = false;
    }

    /** Lets no session save any more. */
    void makeReadOnly() {
        readOnly = true;
    }

    @Override
    public Session loginService(@Nullable String subServiceName, @Nullable String workspace)
            throws RepositoryException {
        if (!mapped) {
            throw new LoginException("Cannot derive user name for bundle org.patchreel.sling");
        }
        Session admin = admin();
        try {
            Session service = admin.impersonate(new SimpleCredentials(SERVICE_USER, new char[0]));
            return readOnly ? ReadOnlySession.of(service) : service;
        } finally {
            admin.logout();
        }
    }

    @Override
    public void close() {
        if (repository instanceof org.apache.jackrabbit.api.JackrabbitRepository closeable) {
            closeable.shutdown();
        }
        files.close();
        try {
            blobs.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String getDefaultWorkspace() {
        return "default";
    }

    @Override
    @Deprecated
    public Session loginAdministrative(String workspace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session impersonateFromService(String subServiceName, Credentials credentials, String workspaceName) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Session login(Credentials credentials, String workspaceName) throws RepositoryException {
        return repository.login(credentials, workspaceName);
    }

    @Override
    public Session login(Credentials credentials) throws RepositoryException {
        return repository.login(credentials);
    }

    @Override
    public Session login(String workspaceName) throws RepositoryException {
        return repository.login(workspaceName);
    }

    @Override
    public Session login() throws RepositoryException {
        return repository.login();
    }

    @Override
    public String[] getDescriptorKeys() {
        return repository.getDescriptorKeys();
    }

    @Override
    public boolean isStandardDescriptor(String key) {
        return repository.isStandardDescriptor(key);
    }

    @Override
    public boolean isSingleValueDescriptor(String key) {
        return repository.isSingleValueDescriptor(key);
    }

    @Override
    public Value getDescriptorValue(String key) {
        return repository.getDescriptorValue(key);
    }

    @Override
    public Value[] getDescriptorValues(String key) {
        return repository.getDescriptorValues(key);
    }

    @Override
    public String getDescriptor(String key) {
        return repository.getDescriptor(key);
    }
}
