package org.patchreel.sling;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Calendar;
import java.util.List;
import java.util.Optional;
import javax.jcr.NamespaceRegistry;
import javax.jcr.Node;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.apache.sling.jcr.api.SlingRepository;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/**
 * Keeps assets in Sling's repository: a clip is an {@code nt:file} whose {@code jcr:content} has the children {@code
 * metadata} and {@code renditions} (poster and contact sheet). Everything is done by the bundle's service user. Its ranking
 * lets it win over the file store.
 */
@Component(
        service = {AssetStore.class, SlingAssetStore.class},
        configurationPid = "org.patchreel.sling.store")
@Designate(ocd = SlingAssetStore.Config.class)
public final class SlingAssetStore implements AssetStore {

    private static final List<String> PREFIXES = List.of("dc", "Iptc4xmpExt", "prism", "patchreel");

    @ObjectClassDefinition(name = "Patchreel asset store in Sling", description = "Keeps clips in the repository")
    @interface Config {
        @AttributeDefinition(
                description = "Path of the folder for clips that are sent nowhere else; it must exist, and the service"
                        + " user must be able to write to it")
        String folder() default "/content/dam/patchreel";
    }

    private final SlingRepository repository;
    private final DraftFolders drafts;
    private volatile String folder;

    /**
     * Opens the store and removes what earlier processes have left unfinished.
     *
     * @param context has the data area in which drafts are made
     * @param repository keeps the assets
     * @param config the default folder
     */
    @Activate
    public SlingAssetStore(BundleContext context, @Reference SlingRepository repository, Config config) {
        this(repository, context.getDataFile("drafts").toPath(), DraftFolders.thisProcess(), config.folder());
    }

    SlingAssetStore(SlingRepository repository, Path drafts, String process, String folder) {
        this.repository = repository;
        this.drafts = new DraftFolders(drafts, process);
        this.folder = folder;
    }

    /** Clips that are being made go where they were meant to go when they began. */
    @Modified
    void modified(Config config) {
        folder = config.folder();
    }

    /** {@return the folder of a destination} */
    String folder(Destination destination) {
        return destination.folder().orElse(folder);
    }

    @Override
    public boolean takes(OutputKind kind) {
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the ID is not 1 to 64 letters and digits
     */
    @Override
    public AssetDraft open(String id, Destination destination) throws IOException {
        AssetId.check(id);
        String target = folder(destination);
        try (ServiceSession session = ServiceSession.open(repository)) {
            AssetFolder.check(session.session(), target);
            AssetFolder.check(session.session(), AssetIndex.PATH);
            checkNamespaces(session.session());
            checkWritable(session.session());
            if (AssetIndex.isTaken(session.session(), id)) {
                throw new FileSystemException(
                        target, null, "there is an asset " + id + " already, or was one that was" + " withdrawn");
            }
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(AssetIndex.PATH, e);
        }
        return new RepositoryDraft(repository, id, target, drafts.create(id));
    }

    /**
     * Refuses a folder that cannot take an asset.
     *
     * @throws java.nio.file.FileSystemException naming the folder and the reason
     * @throws IOException if the repository is not there
     */
    void checkFolder(String target) throws IOException {
        try (ServiceSession session = ServiceSession.open(repository)) {
            AssetFolder.check(session.session(), target);
        }
    }

    private static void checkNamespaces(Session session) throws IOException {
        try {
            NamespaceRegistry registry = session.getWorkspace().getNamespaceRegistry();
            for (String prefix : PREFIXES) {
                registry.getURI(prefix);
            }
        } catch (RepositoryException e) {
            throw RepositoryFailure.of("/", e);
        }
    }

    /** Permissions tell nothing of a repository that is read-only as a whole; a save does. */
    private static void checkWritable(Session session) throws IOException {
        try {
            Node index = session.getNode(AssetIndex.PATH);
            index.setProperty("jcr:lastModified", Calendar.getInstance());
            session.save();
        } catch (RepositoryException e) {
            IOException failure = RepositoryFailure.of(AssetIndex.PATH, e);
            throw new IOException("the repository is not writable: " + failure.getMessage(), failure);
        }
    }

    @Override
    public List<AssetReference> list() throws IOException {
        try (ServiceSession session = ServiceSession.open(repository)) {
            return AssetIndex.list(session.session()).stream()
                    .map(entry -> RepositoryDraft.reference(entry.id(), entry.path()))
                    .toList();
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(AssetIndex.PATH, e);
        }
    }

    @Override
    public Optional<StoredAsset> find(String id) throws IOException {
        return find(id, false);
    }

    @Override
    public Optional<StoredAsset> findWithdrawn(String id) throws IOException {
        return find(id, true);
    }

    /** Moves the node out of the content, where the service user may: its folder must give it {@code rep:write}. */
    @Override
    public boolean withdraw(String id, String reason) throws IOException {
        if (!AssetId.isValid(id)) {
            return false;
        }
        try (ServiceSession session = ServiceSession.open(repository)) {
            if (AssetIndex.isWithdrawn(session.session(), id)) {
                return true;
            }
            Optional<Node> asset = AssetIndex.find(session.session(), id);
            if (asset.isEmpty()) {
                return false;
            }
            AssetIndex.withdraw(session.session(), id, asset.get(), reason);
            session.session().save();
            return true;
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(AssetIndex.PATH + "/" + id, e);
        }
    }

    private Optional<StoredAsset> find(String id, boolean withdrawn) throws IOException {
        if (!AssetId.isValid(id)) {
            return Optional.empty();
        }
        try (ServiceSession session = ServiceSession.open(repository)) {
            Optional<Node> asset = withdrawn
                    ? AssetIndex.findWithdrawn(session.session(), id)
                    : AssetIndex.find(session.session(), id);
            if (asset.isEmpty()) {
                return Optional.empty();
            }
            Node metadata = asset.get().getNode(RepositoryAsset.CONTENT).getNode(RepositoryAsset.METADATA);
            return Optional.of(new RepositoryAsset(
                    repository,
                    RepositoryDraft.reference(id, asset.get().getPath()),
                    MetadataNode.read(metadata),
                    withdrawn));
        } catch (RepositoryException e) {
            throw RepositoryFailure.of(AssetIndex.PATH + "/" + id, e);
        }
    }
}
