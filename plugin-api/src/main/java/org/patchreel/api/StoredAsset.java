package org.patchreel.api;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.osgi.annotation.versioning.ConsumerType;

/** A stored clip or still and what is known of it. Safe for use from any thread. */
@ConsumerType
public interface StoredAsset {

    /** {@return its name} */
    AssetReference reference();

    /** {@return how it was made} */
    AssetMetadata metadata();

    /**
     * Opens a file of the asset for reading, at any position; {@link java.nio.channels.Channels#newInputStream} makes a
     * stream of it. A clip can have gigabytes: it is not held in memory.
     *
     * @param file which
     * @return the file's bytes, read-only; the caller closes it
     * @throws java.nio.file.NoSuchFileException if the asset or this file of it is not there any more
     * @throws IOException if it cannot be read
     */
    SeekableByteChannel open(AssetFile file) throws IOException;
}
