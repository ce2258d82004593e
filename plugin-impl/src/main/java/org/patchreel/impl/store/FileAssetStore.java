package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.patchreel.api.AssetId;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.PrintableText;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps assets in a local directory. Its low ranking lets a host's own store win. */
@Component(
        service = {AssetStore.class, FileAssetStore.class, ComponentStatus.class},
        configurationPid = FileAssetStore.PID,
        property = "service.ranking:Integer=-1000")
@Designate(ocd = FileAssetStore.Config.class)
public final class FileAssetStore implements AssetStore, ComponentStatus {
    static final String PID = "org.patchreel.store.file";

    private static final Logger LOG = LoggerFactory.getLogger(FileAssetStore.class);

    /** Framework property: the folder when the configuration names none. */
    private static final String ASSETS = "patchreel.assets";

    static final String DRAFT_PREFIX = ".draft-";
    static final String LOCK_SUFFIX = ".lock";
    static final String METADATA = "metadata.json";

    /** Folder of what was withdrawn; no asset has such an ID. */
    private static final String WITHDRAWN = ".withdrawn";

    /** Says why, within the folder of an asset that was withdrawn. */
    private static final String REASON = "withdrawal.txt";

    @ObjectClassDefinition(
            name = "Patchreel file asset store",
            description = "Keeps clips and stills in a local directory")
    @interface Config {
        @AttributeDefinition(
                description = "Folder of the assets; empty means the framework property patchreel.assets, else assets."
                        + " A relative one is taken from the framework property patchreel.home, else from the working"
                        + " directory")
        String directory() default "";
    }

    /** Longer than a tick of a file system's clock. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private final Settings<Path> directory;
    private volatile @Nullable Listing listing;

    /**
     * Opens the store and removes what processes that no longer live have left unfinished.
     *
     * @param context tells where relative paths start
     * @param config the folder
     * @param properties of the component
     */
    @Activate
    public FileAssetStore(BundleContext context, Config config, Map<String, Object> properties) {
        this(new Settings<>(PID, properties, values -> directory(context, config)));
    }

    FileAssetStore(Path directory) {
        this(new Settings<>(directory.toAbsolutePath().normalize()));
    }

    private FileAssetStore(Settings<Path> directory) {
        this.directory = directory;
        removeStaleDrafts();
    }

    /** Drafts that are open stay where they are. */
    @Modified
    void modified(BundleContext context, Config config, Map<String, Object> properties) {
        directory.update(PID, properties, values -> directory(context, config));
        removeStaleDrafts();
    }

    @Override
    public Optional<Problem> problem() {
        return directory.problem();
    }

    private static Path directory(BundleContext context, Config config) {
        return HomeFolder.of(context)
                .resolve(folder(config.directory(), context.getProperty(ASSETS)))
                .normalize();
    }

    private static String folder(String configured, @Nullable String installed) {
        if (!configured.isEmpty()) {
            return configured;
        }
        return installed == null || installed.isEmpty() ? "assets" : installed;
    }

    /**
     * {@return the folder of the assets; it exists once there was a draft}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    public Path directory() {
        return directory.get();
    }

    private Path usableDirectory() throws IOException {
        try {
            return directory.get();
        } catch (ConfigurationException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the ID is not 1 to 64 letters and digits
     */
    @Override
    public AssetDraft open(String id, Destination destination) throws IOException {
        AssetId.check(id);
        Path directory = usableDirectory();
        if (destination.folder().isPresent()) {
            throw new IOException("the file store keeps all assets in " + directory + " and has no folder "
                    + destination.folder().get());
        }
        Path draft = directory.resolve(DRAFT_PREFIX + id);
        DraftLock lock;
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve(id), LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("there is an asset " + id + " already");
            }
            if (Files.exists(directory.resolve(WITHDRAWN).resolve(id), LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("asset " + id + " was withdrawn");
            }
            lock = DraftLock.tryAcquire(lockOf(draft))
                    .orElseThrow(() -> new IOException("asset " + id + " is being made already"));
        } catch (IOException e) {
            throw StoreFailure.of(directory, e);
        }
        try {
            Tree.delete(draft);
            Files.createDirectory(draft);
        } catch (IOException e) {
            lock.close();
            throw StoreFailure.of(directory, e);
        }
        return new FileAssetDraft(directory, id, draft, lock);
    }

    @Override
    public boolean takes(OutputKind kind) {
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A list of thousands is asked for again and again: the directory is read again when a name in it has come or gone.
     */
    @Override
    public List<AssetReference> list() throws IOException {
        Path directory = usableDirectory();
        try {
            FileTime changed = Files.getLastModifiedTime(directory);
            Listing last = listing;
            if (last != null
                    && last.directory().equals(directory)
                    && last.changed().equals(changed)) {
                return last.assets();
            }
            Instant begun = Instant.now();
            Listing read = read(directory, changed);
            // a name that comes within the same tick of the clock would not be seen
            boolean settled = changed.toInstant().isBefore(begun.minus(SETTLED));
            listing = settled && read.complete() ? read : null;
            return read.assets();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw StoreFailure.of(directory, new IOException(e.getMessage(), e));
        } catch (IOException e) {
            throw StoreFailure.of(directory, e);
        }
    }

    /**
     * A list as it was read.
     *
     * @param directory that was read
     * @param changed when a name in it had come or gone the last time
     * @param complete whether each folder has an asset: one that is being copied into the store gets its own later
     * @param assets those stored last first
     */
    private record Listing(Path directory, FileTime changed, boolean complete, List<AssetReference> assets) {}

    private static Listing read(Path directory, FileTime changed) throws IOException {
        List<Listed> assets = new ArrayList<>();
        boolean complete = true;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                Path metadata = entry.resolve(METADATA);
                if (!AssetId.isValid(name)) {
                    continue;
                }
                try {
                    assets.add(new Listed(name, Files.getLastModifiedTime(metadata)));
                } catch (NoSuchFileException e) {
                    complete = false; // not yet, or not any more
                } catch (FileSystemException e) {
                    // a file of another kind has this name
                }
            }
        }
        assets.sort(
                Comparator.comparing(Listed::stored).thenComparing(Listed::id).reversed());
        return new Listing(
                directory,
                changed,
                complete,
                assets.stream().map(asset -> reference(directory, asset.id())).toList());
    }

    /** An ID and when its asset was stored: IDs that callers choose have no order in time. */
    private record Listed(String id, FileTime stored) {}

    @Override
    public Optional<StoredAsset> find(String id) throws IOException {
        return find(usableDirectory(), id);
    }

    @Override
    public Optional<StoredAsset> findWithdrawn(String id) throws IOException {
        return find(usableDirectory().resolve(WITHDRAWN), id);
    }

    private static Optional<StoredAsset> find(Path directory, String id) throws IOException {
        if (!AssetId.isValid(id)) {
            return Optional.empty();
        }
        Path metadata = directory.resolve(id).resolve(METADATA);
        if (!Files.exists(metadata)) {
            return Optional.empty();
        }
        return Optional.of(
                new FileStoredAsset(reference(directory, id), MetadataFile.read(metadata), directory.resolve(id)));
    }

    /** What of it is left if the process ends meanwhile is a draft, which the next start removes. */
    @Override
    public boolean delete(String id) throws IOException {
        if (!AssetId.isValid(id)) {
            return false;
        }
        Path directory = usableDirectory();
        Path asset = directory.resolve(id);
        if (!Files.exists(asset.resolve(METADATA))) {
            return false;
        }
        Path draft = directory.resolve(DRAFT_PREFIX + id);
        DraftLock lock = DraftLock.tryAcquire(lockOf(draft))
                .orElseThrow(() -> new IOException("asset " + id + " is being deleted already"));
        try {
            Tree.delete(draft);
            Files.move(asset, draft, StandardCopyOption.ATOMIC_MOVE);
            Tree.delete(draft);
            return true;
        } catch (NoSuchFileException e) {
            return false; // another process was faster
        } catch (IOException e) {
            throw StoreFailure.of(directory, e);
        } finally {
            lock.close();
        }
    }

    /** The file comes first: if the process ends between the two, the metadata tell less than the manifest, and are written again. */
    @Override
    public void revise(String id, Optional<Path> file, AssetMetadata metadata) throws IOException {
        Path directory = usableDirectory();
        Path asset = directory.resolve(AssetId.check(id));
        if (!Files.exists(asset.resolve(METADATA))) {
            throw new NoSuchFileException(asset.toString(), null, "there is no such asset");
        }
        Path draft = directory.resolve(DRAFT_PREFIX + id);
        DraftLock lock = DraftLock.tryAcquire(lockOf(draft))
                .orElseThrow(() -> new IOException("asset " + id + " is being changed already"));
        try {
            Tree.delete(draft);
            Files.createDirectory(draft);
            Path described = draft.resolve(METADATA);
            MetadataFile.write(metadata, described);
            Tree.syncOne(described);
            if (file.isPresent()) {
                String name = metadata.kind().file().fileName();
                Path copy = draft.resolve(name);
                Files.copy(file.get(), copy);
                Tree.syncOne(copy);
                Files.move(copy, asset.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
            FileTime stored = Files.getLastModifiedTime(asset.resolve(METADATA));
            Files.setLastModifiedTime(described, stored); // by which assets are listed
            Files.move(described, asset.resolve(METADATA), StandardCopyOption.ATOMIC_MOVE);
            Tree.syncOne(asset);
        } catch (IOException e) {
            throw StoreFailure.of(directory, e);
        } finally {
            try {
                Tree.delete(draft);
            } finally {
                lock.close();
            }
        }
    }

    /** A crash in between leaves the asset where it was, and the same call withdraws it. */
    @Override
    public boolean withdraw(String id, String reason) throws IOException {
        if (!AssetId.isValid(id)) {
            return false;
        }
        Path directory = usableDirectory();
        Path evidence = directory.resolve(WITHDRAWN);
        Path withdrawn = evidence.resolve(id);
        if (Files.exists(withdrawn.resolve(METADATA))) {
            return true;
        }
        Path asset = directory.resolve(id);
        if (!Files.exists(asset.resolve(METADATA))) {
            return false;
        }
        DraftLock lock = DraftLock.tryAcquire(lockOf(directory.resolve(DRAFT_PREFIX + id)))
                .orElseThrow(() -> new IOException("asset " + id + " is being deleted or withdrawn already"));
        try {
            if (Files.notExists(evidence)) {
                createPrivate(evidence);
            }
            Files.writeString(
                    asset.resolve(REASON),
                    Instant.now() + " " + PrintableText.of(reason) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(asset, withdrawn, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException e) {
            throw StoreFailure.of(directory, e);
        } finally {
            lock.close();
        }
    }

    /** Nobody else shall read what was withdrawn, such as a web server that has the folder of the assets. */
    private static void createPrivate(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static AssetReference reference(Path directory, String id) {
        return FileAssetDraft.reference(id, directory.resolve(id));
    }

    private static Path lockOf(Path draft) {
        return draft.resolveSibling(draft.getFileName() + LOCK_SUFFIX);
    }

    private void removeStaleDrafts() {
        if (problem().isPresent() || !Files.isDirectory(directory())) {
            return;
        }
        Path directory = directory();
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, DRAFT_PREFIX + "*")) {
            entries.forEach(left::add);
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("{}: cannot look for unfinished assets: {}", directory, e.toString());
        }
        for (Path entry : left) {
            String name = entry.getFileName().toString();
            boolean isLock = name.endsWith(LOCK_SUFFIX);
            Path draft = isLock ? entry.resolveSibling(name.substring(0, name.length() - LOCK_SUFFIX.length())) : entry;
            removeIfStale(draft);
        }
    }

    private static void removeIfStale(Path draft) {
        try {
            Optional<DraftLock> lock = DraftLock.tryAcquire(lockOf(draft));
            if (lock.isEmpty()) {
                return;
            }
            try {
                if (Tree.delete(draft)) {
                    LOG.info("{}: removed, left by a process that ended", draft);
                }
            } finally {
                lock.get().close();
            }
        } catch (IOException e) {
            LOG.warn("{}: cannot be removed: {}", draft, e.toString());
        }
    }
}
