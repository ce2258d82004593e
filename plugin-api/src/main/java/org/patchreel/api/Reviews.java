package org.patchreel.api;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Decisions of people on stored assets. They stand in the asset's metadata; an approval is signed, too: the file carries a further
 * manifest, which says {@code human_validated} (C2PA 2.4, {@code c2pa.ai-disclosure}), and its pictures stay as they are. May be called
 * from any thread.
 */
@ProviderType
public interface Reviews {

    /**
     * Approves an asset.
     *
     * @param id the asset's ID
     * @param by who approves, as the host calls them; stands in the metadata, not in the manifest
     * @param note in their words, if they have any
     * @return the asset's metadata afterwards
     * @throws IllegalArgumentException if there is no such asset, it is approved already, or a text is blank, too long or has
     *     control characters; the message names it
     * @throws UnsupportedOperationException if assets are reviewed by the means of their host
     * @throws IOException if its file is not as it was signed, or it cannot be signed or stored; the asset is as it was then
     */
    AssetMetadata approve(String id, String by, Optional<String> note) throws IOException;

    /**
     * Rejects an asset, one that was approved, too. Nothing is signed, and the manifest of an approval stays in copies that were
     * handed on; a takedown is for those.
     *
     * @param id the asset's ID
     * @param by who rejects, as the host calls them
     * @param reason in their words
     * @return the asset's metadata afterwards
     * @throws IllegalArgumentException if there is no such asset, it is rejected already, or a text is blank, too long or has
     *     control characters; the message names it
     * @throws UnsupportedOperationException if assets are reviewed by the means of their host
     * @throws IOException if it cannot be stored; the asset is as it was then
     */
    AssetMetadata reject(String id, String by, String reason) throws IOException;
}
