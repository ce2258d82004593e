package org.patchreel.spi;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.AssetReference;

/** Keeps clips as assets of the host. Safe for use from any thread. */
@ConsumerType
public interface AssetStore {

    /**
     * Begins an asset: gives a local directory for its files.
     *
     * @param id the asset's ID, letters and digits
     * @return the draft; closing it without {@link AssetDraft#commit} leaves nothing behind
     * @throws IOException if the store cannot be written to; the message names the folder and the reason
     */
    AssetDraft open(String id) throws IOException;

    /**
     * The stored assets, the newest first.
     *
     * @return references; reading one may still fail if it is deleted meanwhile
     * @throws IOException if the store cannot be read
     */
    List<AssetReference> list() throws IOException;

    /**
     * Finds an asset.
     *
     * @param id the asset's ID
     * @return the asset, or empty if there is none
     * @throws IOException if the store cannot be read or the asset's metadata is damaged
     */
    Optional<StoredAsset> find(String id) throws IOException;

    /**
     * A stored clip and what is known of it.
     *
     * @param reference its name
     * @param metadata how it was made
     */
    record StoredAsset(AssetReference reference, AssetMetadata metadata) {}
}
