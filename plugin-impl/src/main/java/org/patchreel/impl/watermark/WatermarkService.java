package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.patchreel.api.ProvenanceReport.Mark;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.Watermarker;

/** Marks with the newest key and detects with all. */
final class WatermarkService implements Watermarker {
    private final WatermarkEmbedder embedder;
    private final WatermarkDetector detector;

    WatermarkService(List<WatermarkKey> keys) {
        embedder = new WatermarkEmbedder(keys.get(keys.size() - 1));
        detector = new WatermarkDetector(keys);
    }

    @Override
    public String algorithm() {
        return "org.patchreel.watermark.1";
    }

    @Override
    public MarkingSink mark(VideoFormat format, FrameSink next) {
        return embedder.mark(MarkId.random(), format, next);
    }

    @Override
    public List<Mark> detect(Path clip) throws IOException {
        return detector.examine(clip).marks().stream()
                .map(mark -> new Mark(mark.id().toString(), mark.range()))
                .toList();
    }
}
