package org.patchreel.aem;

import com.day.cq.dam.api.Asset;
import com.day.cq.dam.api.AssetManager;
import com.day.cq.dam.api.DamConstants;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.NoSuchFileException;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import javax.jcr.NamespaceException;
import javax.jcr.Node;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.apache.sling.api.resource.ModifiableValueMap;
import org.apache.sling.api.resource.PersistenceException;
import org.apache.sling.api.resource.Resource;
import org.apache.sling.api.resource.ResourceResolver;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Rights;
import org.patchreel.api.StoredAsset;

/** A folder of the DAM that takes clips, written to with the rights of a given session. Used by one thread. */
final class DamFolder {

    /** Namespace of what stands in an asset's metadata about its making. */
    static final String NAMESPACE = "https://patchreel.org/ns/1.0/";

    static final String CONTACT_SHEET = "patchreel.contact-sheet.jpeg";

    static final String MASTER = "patchreel.master.mp4";

    private static final String ROOT = "/content/dam";
    private static final String METADATA = "jcr:content/metadata";
    private static final String PREFIX = "patchreel:";

    /** Facts whose properties AEM shows. */
    private static final Map<String, String> SHARED =
            Map.of(AssetFacts.TITLE, DamConstants.DC_TITLE, AssetFacts.SOURCE_TYPE, "Iptc4xmpExt:DigitalSourceType");

    static final Map<String, String> NAMESPACES = Map.of(
            "patchreel",
            NAMESPACE,
            "Iptc4xmpExt",
            "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
            "prism",
            "http://prismstandard.org/namespaces/basic/2.1/");

    private final ResourceResolver resolver;
    private final String path;

    /**
     * Creates one; nothing is looked at yet.
     *
     * @param resolver whose rights count; what it has not committed may get lost
     * @param path in the repository
     */
    DamFolder(ResourceResolver resolver, String path) {
        this.resolver = resolver;
        this.path = path;
    }

    /**
     * Finds out whether a clip could be stored here, before minutes are spent on making it.
     *
     * @throws IOException if the folder is missing, is none, or may not be written to; the message names it and the reason
     */
    void check() throws IOException {
        Resource folder = resource();
        try {
            @Nullable Node node = folder.adaptTo(Node.class);
            if (node == null || !node.isNodeType("nt:folder")) {
                throw new IOException(path + " is not a folder");
            }
            Session session = node.getSession();
            if (!session.hasPermission(folder.getPath() + "/clip.mp4", Session.ACTION_ADD_NODE)) {
                throw new IOException("folder " + path + ": " + resolver.getUserID()
                        + " has no permission to add assets, or the repository is read-only");
            }
            for (Map.Entry<String, String> namespace : NAMESPACES.entrySet()) {
                register(session, namespace.getKey(), namespace.getValue());
            }
        } catch (RepositoryException e) {
            throw new IOException("folder " + path + " cannot be examined: " + e.getMessage(), e);
        }
    }

    private Resource resource() throws IOException {
        boolean inDam = path.equals(ROOT) || path.startsWith(ROOT + "/");
        if (!inDam || Arrays.asList(path.split("/")).contains("..")) {
            throw new IOException("folder " + path + " is not in " + ROOT + ", where assets are");
        }
        // The session may be older than the folder, or than the assets in it.
        resolver.refresh();
        @Nullable Resource folder = resolver.getResource(path);
        if (folder == null) {
            throw new IOException("folder " + path + " is not there, or " + resolver.getUserID() + " may not read it");
        }
        return folder;
    }

    private void register(Session session, String prefix, String uri) throws RepositoryException, IOException {
        try {
            session.getNamespaceURI(prefix);
        } catch (NamespaceException missing) {
            try {
                session.getWorkspace().getNamespaceRegistry().registerNamespace(prefix, uri);
            } catch (RepositoryException e) {
                throw new IOException(
                        "the namespace " + prefix + " is not registered, and " + resolver.getUserID()
                                + " may not do it: install Patchreel's content package",
                        e);
            }
        }
    }

    /**
     * Stores a clip or still as an asset that waits for its review. Either all of it is there afterwards or nothing.
     *
     * @param clip read as a stream, and not held in memory
     * @return the asset's path; of an earlier call if the clip was stored already
     * @throws IOException if it cannot be stored; the message names the asset and the reason
     */
    String store(StoredAsset clip) throws IOException {
        check();
        String folder = resource().getPath();
        AssetMetadata metadata = clip.metadata();
        Iterator<String> names = DamAssetName.candidates(
                        metadata.title(), metadata.id(), metadata.kind().file().extension())
                .iterator();
        while (names.hasNext()) {
            String candidate = folder + "/" + names.next();
            @Nullable Resource there = resolver.getResource(candidate);
            if (there == null ? write(candidate, clip) : holds(there, metadata.id())) {
                return candidate;
            }
        }
        throw new IOException("folder " + path + " has too many assets of this title");
    }

    private static boolean holds(Resource asset, String id) {
        return id.equals(asset.getValueMap().get(METADATA + "/" + property(AssetFacts.ID), String.class));
    }

    /** {@return false if another session has taken the name meanwhile} */
    private boolean write(String target, StoredAsset clip) throws IOException {
        try {
            Asset asset = create(target, clip);
            // Renditions are saved with the rest.
            asset.setBatchMode(true);
            addPictures(asset, clip);
            describe(target, clip.metadata());
            resolver.commit();
            return true;
        } catch (IOException | RuntimeException e) {
            resolver.revert();
            resolver.refresh();
            if (e instanceof PersistenceException && resolver.getResource(target) != null) {
                return false;
            }
            throw new IOException("asset " + target + " cannot be stored: " + e.getMessage(), e);
        }
    }

    // Deprecated in Cloud Service in favour of uploads over HTTP, which are for clients outside; 6.5 has nothing else.
    @SuppressWarnings("deprecation")
    private Asset create(String target, StoredAsset clip) throws IOException {
        @Nullable AssetManager assets = resolver.adaptTo(AssetManager.class);
        if (assets == null) {
            throw new IOException("AEM's AssetManager is not there");
        }
        AssetFile own = clip.metadata().kind().file();
        try (InputStream bytes = Channels.newInputStream(clip.open(own))) {
            @Nullable Asset asset = assets.createAsset(target, bytes, own.mediaType(), false);
            if (asset == null) {
                throw new IOException("AEM's AssetManager did not create it");
            }
            return asset;
        }
    }

    private static void addPictures(Asset asset, StoredAsset clip) throws IOException {
        BufferedImage poster;
        try (InputStream bytes = Channels.newInputStream(clip.open(AssetFile.POSTER))) {
            poster = Thumbnail.read(bytes);
        }
        for (Thumbnail thumbnail : Thumbnail.ALL) {
            asset.addRendition(
                    thumbnail.rendition(), new ByteArrayInputStream(thumbnail.of(poster)), thumbnail.mediaType());
        }
        if (clip.metadata().kind() == OutputKind.STILL) {
            return; // has no other pictures
        }
        try (InputStream bytes = Channels.newInputStream(clip.open(AssetFile.CONTACT_SHEET))) {
            asset.addRendition(CONTACT_SHEET, bytes, AssetFile.CONTACT_SHEET.mediaType());
        }
        addIfThere(asset, clip, AssetFile.DESCRIPTION, AssetFile.DESCRIPTION.fileName());
        addIfThere(asset, clip, AssetFile.MASTER, MASTER);
    }

    private static void addIfThere(Asset asset, StoredAsset clip, AssetFile file, String rendition) throws IOException {
        try (InputStream bytes = Channels.newInputStream(clip.open(file))) {
            asset.addRendition(rendition, bytes, file.mediaType());
        } catch (NoSuchFileException e) {
            // of an earlier version, or none was kept
        }
    }

    private void describe(String target, AssetMetadata metadata) throws IOException {
        @Nullable Resource node = resolver.getResource(target + "/" + METADATA);
        @Nullable ModifiableValueMap properties = node == null ? null : node.adaptTo(ModifiableValueMap.class);
        if (properties == null) {
            throw new IOException("it has no node " + METADATA);
        }
        properties.putAll(properties(metadata));
    }

    private static Map<String, Object> properties(AssetMetadata metadata) {
        Map<String, Object> properties = new HashMap<>();
        AssetFacts.of(metadata)
                .values()
                .forEach((fact, value) -> properties.put(
                        property(fact),
                        value instanceof List<?> entries
                                ? entries.stream().map(String::valueOf).toArray(String[]::new)
                                : value));
        properties.put(DamConstants.DC_DESCRIPTION, metadata.prompt());
        properties.put(DamConstants.DC_FORMAT, metadata.kind().file().mediaType());
        properties.put(DamConstants.ASSET_STATUS_PROPERTY, DamConstants.ASSET_STATUS_PENDING);
        properties.putAll(properties(metadata.rights()));
        return properties;
    }

    /** Besides the facts, where AEM shows them; it expires the asset by its date. */
    private static Map<String, Object> properties(Rights rights) {
        Map<String, Object> properties = new HashMap<>();
        rights.creator().ifPresent(text -> properties.put(DamConstants.DC_CREATOR, new String[] {text}));
        rights.copyright().ifPresent(text -> properties.put(DamConstants.DC_RIGHTS, text));
        rights.expires()
                .ifPresent(at ->
                        properties.put("prism:expirationDate", GregorianCalendar.from(at.atZone(ZoneOffset.UTC))));
        return properties;
    }

    private static String property(String fact) {
        return SHARED.getOrDefault(fact, PREFIX + fact);
    }
}
