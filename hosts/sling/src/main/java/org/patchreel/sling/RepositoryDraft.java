package org.patchreel.sling;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Calendar;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import javax.jcr.Binary;
import javax.jcr.Node;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.apache.sling.jcr.api.SlingRepository;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.spi.AssetDraft;

/**
 * An asset in the making, in a local folder. Committing streams its files into the repository's blob store and makes all
 * nodes visible with one save.
 */
final class RepositoryDraft implements AssetDraft {

    /** Others may store under the same title at the same time; each attempt takes the next free name. */
    private static final int ATTEMPTS = 10;

    private final SlingRepository repository;
    private final String id;
    private final String folder;
    private final Path directory;
    private boolean ended;

    RepositoryDraft(SlingRepository repository, String id, String folder, Path directory) {
        this.repository = repository;
        this.id = id;
        this.folder = folder;
        this.directory = directory;
    }

    @Override
    public Path directory() {
        return directory;
    }

    @Override
    public AssetReference commit(AssetMetadata metadata) throws IOException {
        if (ended) {
            throw new IllegalStateException("the draft of asset " + id + " has ended");
        }
        if (!metadata.id().equals(id)) {
            throw new IllegalArgumentException("metadata of asset " + metadata.id() + " for asset " + id);
        }
        String own = metadata.kind().file().fileName();
        if (!Files.isRegularFile(directory.resolve(own))) {
            throw new FileSystemException(folder, null, "asset " + id + " has no " + own);
        }
        AssetReference stored;
        try (ServiceSession session = ServiceSession.open(repository)) {
            stored = store(session.session(), metadata);
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(folder, e);
        }
        close();
        return stored;
    }

    private AssetReference store(Session session, AssetMetadata metadata) throws RepositoryException, IOException {
        Map<AssetFile, Binary> binaries = new EnumMap<>(AssetFile.class);
        try {
            for (AssetFile file : AssetFile.values()) {
                Path local = directory.resolve(file.fileName());
                if (Files.isRegularFile(local)) {
                    try (InputStream in = Files.newInputStream(local)) {
                        binaries.put(file, session.getValueFactory().createBinary(in));
                    }
                }
            }
            return save(session, metadata, binaries);
        } finally {
            binaries.values().forEach(Binary::dispose);
        }
    }

    private AssetReference save(Session session, AssetMetadata metadata, Map<AssetFile, Binary> binaries)
            throws RepositoryException, IOException {
        for (int attempt = 1; ; attempt++) {
            if (AssetIndex.isTaken(session, id)) {
                throw new FileSystemException(folder, null, "there is an asset " + id + " already");
            }
            Node parent = session.getNode(folder);
            String name = freeName(parent, metadata);
            try {
                Node asset = write(parent, name, metadata, binaries);
                AssetIndex.add(session, metadata, asset);
                String path = asset.getPath();
                session.save();
                return reference(id, path);
            } catch (RepositoryException e) {
                session.refresh(false);
                if (attempt == ATTEMPTS || !parent.hasNode(name)) {
                    throw e;
                }
            }
        }
    }

    private String freeName(Node parent, AssetMetadata metadata) throws RepositoryException {
        String title = metadata.title().orElse(id);
        String extension = metadata.kind().file().extension();
        int number = 1;
        while (parent.hasNode(ClipNodeName.of(title, id, number, extension))) {
            number++;
        }
        return ClipNodeName.of(title, id, number, extension);
    }

    private static Node write(Node parent, String name, AssetMetadata metadata, Map<AssetFile, Binary> binaries)
            throws RepositoryException {
        Node asset = parent.addNode(name, "nt:file");
        asset.addMixin("mix:referenceable");
        AssetFile own = metadata.kind().file();
        // nt:resource could hold neither metadata nor renditions
        Node content = content(asset, "nt:unstructured", own, Objects.requireNonNull(binaries.get(own)));
        MetadataNode.write(metadata, content.addNode(RepositoryAsset.METADATA, "nt:unstructured"));
        Node renditions = content.addNode(RepositoryAsset.RENDITIONS, "nt:folder");
        for (Map.Entry<AssetFile, Binary> each : binaries.entrySet()) {
            AssetFile file = each.getKey();
            if (file != own) {
                content(renditions.addNode(file.fileName(), "nt:file"), "nt:resource", file, each.getValue());
            }
        }
        return asset;
    }

    private static Node content(Node file, String type, AssetFile kind, Binary data) throws RepositoryException {
        Node content = file.addNode(RepositoryAsset.CONTENT, type);
        content.setProperty(RepositoryAsset.DATA, data);
        content.setProperty("jcr:mimeType", kind.mediaType());
        content.setProperty("jcr:lastModified", Calendar.getInstance());
        return content;
    }

    static AssetReference reference(String id, String path) {
        try {
            return new AssetReference(id, new URI(null, null, path, null));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path: " + path, e);
        }
    }

    @Override
    public void close() throws IOException {
        if (!ended) {
            ended = true;
            DraftFolders.delete(directory);
        }
    }
}
