package org.patchreel.spi;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;

/**
 * An asset in the making. Its files are invisible until {@link #commit}, which makes all of them visible at once: a
 * crash at any point leaves the whole asset or none of it. Used by one thread.
 */
@ConsumerType
public interface AssetDraft extends AutoCloseable {

    /** {@return an existing local directory, to be filled with the files of {@link AssetFile} under their names} */
    Path directory();

    /**
     * Stores the asset.
     *
     * @param metadata how it was made
     * @return its name
     * @throws IOException if it cannot be stored; nothing is visible then
     */
    AssetReference commit(AssetMetadata metadata) throws IOException;

    /** Discards the draft unless it was committed. */
    @Override
    void close() throws IOException;
}
