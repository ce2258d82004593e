package org.patchreel.sling;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import javax.jcr.Binary;
import javax.jcr.Node;
import javax.jcr.PathNotFoundException;
import javax.jcr.RepositoryException;
import org.apache.sling.jcr.api.SlingRepository;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.StoredAsset;

/**
 * An asset in the repository.
 *
 * @param repository has it
 * @param reference names it
 * @param metadata of it
 * @param withdrawn whether it is one that was withdrawn: one that was not cannot be read any more when it is
 */
record RepositoryAsset(SlingRepository repository, AssetReference reference, AssetMetadata metadata, boolean withdrawn)
        implements StoredAsset {

    static final String CONTENT = "jcr:content";
    static final String DATA = "jcr:data";
    static final String METADATA = "metadata";
    static final String RENDITIONS = "renditions";

    @Override
    public SeekableByteChannel open(AssetFile file) throws IOException {
        ServiceSession session = ServiceSession.open(repository);
        boolean opened = false;
        try {
            Optional<Node> asset = withdrawn
                    ? AssetIndex.findWithdrawn(session.session(), reference.id())
                    : AssetIndex.find(session.session(), reference.id());
            if (asset.isEmpty()) {
                throw new NoSuchFileException(
                        reference.location().getPath(), null, "asset " + reference.id() + " was deleted");
            }
            Binary binary = asset.get()
                    .getNode(CONTENT)
                    .getProperty((file == metadata.kind().file()
                                    ? ""
                                    : RENDITIONS + "/" + file.fileName() + "/" + CONTENT + "/")
                            + DATA)
                    .getBinary();
            SeekableByteChannel channel = new BinaryChannel(session, binary);
            opened = true;
            return channel;
        } catch (PathNotFoundException e) {
            throw new NoSuchFileException(
                    reference.location().getPath(), null, "asset " + reference.id() + " has no " + file.fileName());
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(reference.location().getPath(), e);
        } finally {
            if (!opened) {
                session.close();
            }
        }
    }
}
