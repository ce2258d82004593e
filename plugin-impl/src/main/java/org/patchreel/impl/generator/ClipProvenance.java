package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Provenance;
import org.patchreel.api.GenerationException;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;

/**
 * Gives clips what their origin can be proved with: a watermark in the frames, a signed manifest in the file, and a record
 * that leads from the one to the other.
 */
interface ClipProvenance {

    /**
     * Begins with a clip, before anything is generated: what would fail at its end should fail now.
     *
     * @param format of the clip
     * @return the clip's provenance in the making
     * @throws GenerationException with {@link GenerationException.Reason#PROVENANCE} if it could not be marked or signed
     */
    Draft begin(VideoFormat format) throws GenerationException;

    /** The provenance of one clip in the making. Used by one thread. Closing it before {@link #keep} takes its record back. */
    interface Draft extends AutoCloseable {

        /**
         * Puts marking in front of a chain of sinks.
         *
         * @param next takes the marked frames; closed with the returned sink
         * @return takes the frames
         * @throws IOException if the sink cannot be set up; next is closed then
         */
        FrameSink mark(FrameSink next) throws IOException;

        /**
         * Signs the finished clip with the key that is configured now, and records it. Nothing may touch the file's bytes
         * after this.
         *
         * @param directory holds the clip and its poster
         * @param made how the clip was made; its provenance is not read
         * @return what the metadata say of it
         * @throws GenerationException with {@link GenerationException.Reason#PROVENANCE} if that fails
         */
        Provenance sign(Path directory, AssetMetadata made) throws GenerationException;

        /** Keeps the record: the asset is stored. */
        void keep();

        @Override
        void close();
    }
}
