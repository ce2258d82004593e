package org.patchreel.sling;

import java.util.ArrayList;
import java.util.Calendar;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import javax.jcr.ItemNotFoundException;
import javax.jcr.Node;
import javax.jcr.NodeIterator;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.patchreel.api.AssetMetadata;

/**
 * Leads from an asset's ID to its node: a node for each ID with a weak reference, written in one go with the asset. People
 * move and rename assets, and the reference follows; what they delete is not found any more. No query is needed, and so no
 * index definition of the host's.
 */
final class AssetIndex {

    /** Made by the repoinit statements. */
    static final String PATH = "/var/patchreel/assets";

    private static final String ASSET = "asset";
    private static final String CREATED = "created";

    /** Why an asset was withdrawn; its node is then below its entry, where nobody but the service user reads it. */
    private static final String WITHDRAWN = "withdrawn";

    private AssetIndex() {}

    /** Enters an asset; nothing is saved. An ID whose asset was deleted may be used again. */
    static void add(Session session, AssetMetadata metadata, Node asset) throws RepositoryException {
        Node index = session.getNode(PATH);
        if (index.hasNode(metadata.id())) {
            index.getNode(metadata.id()).remove();
        }
        Node entry = index.addNode(metadata.id(), "nt:unstructured");
        entry.setProperty(ASSET, session.getValueFactory().createValue(asset, true));
        Calendar created = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
        created.setTimeInMillis(metadata.created().toEpochMilli());
        entry.setProperty(CREATED, created);
    }

    /** Finds an asset's {@code nt:file}, unless it was withdrawn. */
    static Optional<Node> find(Session session, String id) throws RepositoryException {
        return find(session, id, false);
    }

    /** Finds the {@code nt:file} of an asset that was withdrawn. */
    static Optional<Node> findWithdrawn(Session session, String id) throws RepositoryException {
        return find(session, id, true);
    }

    private static Optional<Node> find(Session session, String id, boolean withdrawn) throws RepositoryException {
        Node index = session.getNode(PATH);
        return index.hasNode(id) && index.getNode(id).hasProperty(WITHDRAWN) == withdrawn
                ? asset(session, index.getNode(id))
                : Optional.empty();
    }

    /** {@return whether no other asset can have an ID} */
    static boolean isTaken(Session session, String id) throws RepositoryException {
        return find(session, id).isPresent() || isWithdrawn(session, id);
    }

    /** {@return whether an asset was withdrawn} */
    static boolean isWithdrawn(Session session, String id) throws RepositoryException {
        Node index = session.getNode(PATH);
        return index.hasNode(id) && index.getNode(id).hasProperty(WITHDRAWN);
    }

    /** Moves an asset below its entry; nothing is saved. */
    static void withdraw(Session session, String id, Node asset, String reason) throws RepositoryException {
        Node entry = session.getNode(PATH).getNode(id);
        entry.setProperty(WITHDRAWN, reason);
        session.move(asset.getPath(), entry.getPath() + "/" + asset.getName());
    }

    /** All assets, the newest first. */
    static List<Entry> list(Session session) throws RepositoryException {
        List<Entry> entries = new ArrayList<>();
        for (NodeIterator nodes = session.getNode(PATH).getNodes(); nodes.hasNext(); ) {
            Node node = nodes.nextNode();
            if (!node.hasProperty(CREATED) || node.hasProperty(WITHDRAWN)) {
                continue;
            }
            Optional<Node> asset = asset(session, node);
            if (asset.isPresent()) {
                entries.add(new Entry(
                        node.getName(),
                        node.getProperty(CREATED).getLong(),
                        asset.get().getPath()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::created)
                .thenComparing(Entry::id)
                .reversed());
        return entries;
    }

    private static Optional<Node> asset(Session session, Node entry) throws RepositoryException {
        if (!entry.hasProperty(ASSET)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    session.getNodeByIdentifier(entry.getProperty(ASSET).getString()));
        } catch (ItemNotFoundException e) {
            return Optional.empty();
        }
    }

    /**
     * An asset in the index.
     *
     * @param id the asset's ID
     * @param created milliseconds since 1970
     * @param path of its {@code nt:file}
     */
    record Entry(String id, long created, String path) {}
}
