package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.FrameSink;

/** Opens the chain of sinks that makes the files of an asset from frames. */
interface ClipSinks {

    /**
     * Opens a chain: frames of any one size are brought to the clip's size, marked, encoded into {@link AssetDraft#CLIP},
     * and some of them drawn into {@link AssetDraft#POSTER} and {@link AssetDraft#CONTACT_SHEET}.
     *
     * @param directory takes the files
     * @param format of the clip
     * @param provenance marks the frames
     * @return the chain's head; closing it completes the files
     * @throws IOException if the encoder or a file cannot be opened; nothing is left open then
     */
    FrameSink open(Path directory, VideoFormat format, ClipProvenance.Draft provenance) throws IOException;

    /** {@return the encoder's name, for example {@code libopenh264}} */
    String codec();
}
