package org.patchreel.impl.generator;

import java.util.Optional;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.GenerationException;
import org.patchreel.impl.provenance.ClipSigner;
import org.patchreel.spi.ConfigurationException;

/** Signs clips, with the key that is configured when it is called: keys are rotated while a clip is made. */
interface Signing {

    /**
     * {@return whether a clip that begins now will be signed}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    boolean signs();

    /**
     * {@return who is named as the provider of clips, in their metadata and manifests}
     *
     * @throws ConfigurationException if there was no good configuration yet
     */
    Optional<AssetMetadata.Provider> provider();

    /**
     * Finds out before the work whether a clip could be signed.
     *
     * @throws GenerationException with {@link GenerationException.Reason#PROVENANCE} if it could not
     */
    void check() throws GenerationException;

    /**
     * Signs a clip and records it. Nothing may touch the file's bytes after this.
     *
     * @param clip complete but for its manifest
     * @return the signature, to be closed
     * @throws GenerationException with {@link GenerationException.Reason#PROVENANCE} if that fails
     */
    Signature sign(ClipSigner.Unsigned clip) throws GenerationException;

    /**
     * The manifest in a clip that is being stored, and the record by which copies of the clip are recognised. Closing it
     * before {@link #keep} takes the record back.
     */
    interface Signature extends AutoCloseable {

        /** {@return the manifest, for the asset's metadata} */
        SignedManifest manifest();

        /** Keeps the record: the asset is stored. */
        void keep();

        @Override
        void close();
    }
}
