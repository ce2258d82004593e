package org.patchreel.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.VideoFormat;

/** Marks pictures invisibly and finds the marks again. May be called from any thread; each sink belongs to one. */
@ConsumerType
public interface Watermarker {

    /** {@return the name of the method in {@code c2pa.soft-binding} assertions, for example {@code org.patchreel.…}} */
    String algorithm();

    /**
     * Opens a sink that marks every frame with one new, random ID and hands it on.
     *
     * @param format of the frames that will come
     * @param next takes the marked frames; closed with the sink
     * @return the sink
     */
    MarkingSink mark(VideoFormat format, FrameSink next);

    /**
     * Looks for marks of this installation's keys, the retired ones included.
     *
     * @param clip a video or a picture, of any size and kind that the decoder knows
     * @return the marks that were read, in the order of time; empty if there is none
     * @throws IOException if the file cannot be decoded
     */
    List<Mark> detect(Path clip) throws IOException;

    /**
     * Detects marks in a clip for which candidate IDs are known, for example from its pictures. Implementations override
     * this if they can detect an expected mark where they can no longer read an unknown one.
     *
     * @param clip a video or a picture, of any size and kind that the decoder knows
     * @param expected IDs as {@link Mark#id()} gives them, a dozen or two at most; marks with other IDs are looked for too
     * @return the marks that were read or seen, in the order of time; empty if there is none
     * @throws IOException if the file cannot be decoded
     */
    default List<Mark> detect(Path clip, Collection<String> expected) throws IOException {
        return detect(clip);
    }

    /** A sink that marks frames. */
    interface MarkingSink extends FrameSink {

        /** {@return the ID that it embeds: 8 bytes, the value of the soft binding} */
        byte[] id();
    }
}
