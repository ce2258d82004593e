package org.patchreel.spi;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.AssetReference;

/**
 * An asset in the making. Its files are invisible until {@link #commit}, which makes all of them visible at once: a
 * crash at any point leaves the whole asset or none of it. Used by one thread.
 */
@ConsumerType
public interface AssetDraft extends AutoCloseable {

    /** Name of the clip in {@link #directory()}. */
    String CLIP = "clip.mp4";
    /** Name of the poster, a middle frame as JPEG. */
    String POSTER = "poster.jpg";
    /** Name of the contact sheet, frames in a grid with their times, as JPEG. */
    String CONTACT_SHEET = "contact-sheet.jpg";

    /** {@return an existing local directory, to be filled with {@link #CLIP}, {@link #POSTER} and {@link #CONTACT_SHEET}} */
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
