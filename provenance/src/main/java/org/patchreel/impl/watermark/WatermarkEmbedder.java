package org.patchreel.impl.watermark;

import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;

/** Opens sinks that mark frames. May be used by any thread; each sink belongs to one. */
public final class WatermarkEmbedder {
    private final WatermarkKey key;

    /**
     * Creates an embedder.
     *
     * @param key of the newest epoch
     */
    public WatermarkEmbedder(WatermarkKey key) {
        this.key = key;
    }

    /**
     * Opens a sink.
     *
     * @param id what to embed
     * @param format of the frames that will come
     * @param next takes the marked frames, up to a second later; closed with the sink
     * @return the sink
     */
    public MarkingFrames mark(MarkId id, VideoFormat format, FrameSink next) {
        return new MarkingFrames(id, key, format, next);
    }
}
