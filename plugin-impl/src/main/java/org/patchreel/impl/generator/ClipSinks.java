package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.impl.media.KeptClip;
import org.patchreel.spi.FrameSink;

/** Opens the chain of sinks that makes the files of an asset from frames. */
interface ClipSinks {

    /** What stands in front of the encoders. */
    interface Marks {

        /**
         * Puts marking in front of what is encoded.
         *
         * @param clip takes the frames as they are delivered
         * @param master takes those without the label; empty if they are not kept
         * @return takes the frames as they come; closing it closes both
         */
        FrameSink into(FrameSink clip, Optional<FrameSink> master);
    }

    /**
     * Opens a chain: frames of any one size are brought to the clip's size, rate and length, marked, encoded into {@link AssetFile#CLIP},
     * and without the label into {@link AssetFile#MASTER} if the order has one, and some of them drawn into {@link AssetFile#POSTER} and {@link AssetFile#CONTACT_SHEET}; the frame of a still goes into {@link
     * AssetFile#STILL} and {@link AssetFile#POSTER}.
     *
     * @param directory takes the files
     * @param order what is made; the frames that come are those of the model that the clip is made of, shot after shot, in the
     *     model's rate, after the last frame of the clip that it continues, if it does
     * @param kept clips that stand whole among the frames; those whose files allow it are not encoded again
     * @param marking put in front of what is encoded
     * @return the chain's head; closing it completes the files
     * @throws IOException if the encoder or a file cannot be opened; nothing is left open then
     */
    FrameSink open(Path directory, WorkOrder order, List<KeptClip> kept, Marks marking) throws IOException;

    /**
     * Names the encoder.
     *
     * @param order what is made
     * @return for example {@code libopenh264}; that of stills is {@link AssetMetadata#STILL_CODEC}
     */
    String codec(WorkOrder order);
}
