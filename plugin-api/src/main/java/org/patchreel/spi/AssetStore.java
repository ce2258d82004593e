package org.patchreel.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;

/** Keeps clips, and stills if it {@linkplain #takes takes} them, as assets of the host. Safe for use from any thread. */
@ConsumerType
public interface AssetStore {

    /**
     * Begins an asset: gives a local directory for its files.
     *
     * <p>A clip takes minutes to make: what would keep it from being stored (a folder that is missing or may not be
     * written to) is found out now.
     *
     * @param id the asset's ID, 1 to 64 letters and digits
     * @param destination where the asset shall go and what it is called; if another asset has that name there, the store
     *     chooses one beside it, and neither is lost
     * @return the draft; closing it without {@link AssetDraft#commit} leaves nothing behind
     * @throws IOException if the store cannot be written to, or has an asset of this ID; the message names the folder and
     *     the reason
     */
    AssetDraft open(String id, Destination destination) throws IOException;

    /**
     * Says whether stills can be stored, too, whose drafts have {@link org.patchreel.api.AssetFile#STILL} and no clip.
     *
     * @param kind of an asset
     * @return whether the store takes it; clips alone unless an implementation overrides this
     */
    default boolean takes(OutputKind kind) {
        return kind == OutputKind.CLIP;
    }

    /**
     * The stored assets, those stored last first, as far as the store knows: a copied or restored one may stand elsewhere.
     * {@link org.patchreel.api.AssetMetadata#created()} says when each was made.
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
     * Deletes an asset with all its files. A store of a host with users, rights and a waste basket of its own leaves that to the
     * host.
     *
     * @param id the asset's ID
     * @return whether there was one
     * @throws UnsupportedOperationException if the store does not delete, as unless an implementation overrides this
     * @throws IOException if it cannot be deleted; the message names the file
     */
    default boolean delete(String id) throws IOException {
        throw new UnsupportedOperationException("assets are deleted by the means of their host");
    }

    /**
     * Replaces what is known of an asset, and the file of its kind if that was signed again. A reader sees the asset before or
     * after it. A store of a host with states of its own for what is reviewed may leave this to the host.
     *
     * @param id the asset's ID
     * @param file that takes the place of the clip or still, in a directory of the caller's, who deletes it; empty if it stays
     * @param metadata of the asset
     * @throws UnsupportedOperationException if the store does not replace anything, as unless an implementation overrides this
     * @throws java.nio.file.NoSuchFileException if there is no such asset
     * @throws IOException if it cannot be replaced; the asset is as it was then
     */
    default void revise(String id, Optional<Path> file, AssetMetadata metadata) throws IOException {
        throw new UnsupportedOperationException("assets are reviewed by the means of their host");
    }

    /**
     * Withdraws an asset: {@link #list} and {@link #find} do not show it any more, nobody gets its files from the host, its ID is not
     * free, and {@link #findWithdrawn} has it as evidence. An asset that is withdrawn already stays so.
     *
     * @param id the asset's ID
     * @param reason for people, kept beside the asset
     * @return whether there is one
     * @throws UnsupportedOperationException if the store cannot do that, as unless an implementation overrides this; the message says
     *     what to do instead
     * @throws IOException if it cannot be withdrawn; the message names the file
     */
    default boolean withdraw(String id, String reason) throws IOException {
        throw new UnsupportedOperationException(
                "the asset store " + getClass().getName() + " withdraws no assets: use the means of its host");
    }

    /**
     * Finds an asset that was withdrawn, as evidence.
     *
     * @param id the asset's ID
     * @return the asset, or empty if none was withdrawn that has it
     * @throws IOException if the store cannot be read or the asset's metadata is damaged
     */
    default Optional<StoredAsset> findWithdrawn(String id) throws IOException {
        return Optional.empty();
    }
}
