package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Reads marks without the original. May be used by any thread. */
public final class WatermarkDetector {
    /** Geometries at which known marks are asked for because something seemed to be there. */
    private static final int REMEMBERED = 24;

    private final List<WatermarkKey> keys;

    /**
     * Creates a detector.
     *
     * @param keys of all epochs
     */
    public WatermarkDetector(List<WatermarkKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Searches a file.
     *
     * @param file a video or a picture
     * @return what was found, with measurements
     * @throws IOException if the file cannot be decoded
     */
    public DetectionResult examine(Path file) throws IOException {
        return examine(file, List.of());
    }

    /**
     * Searches a file that may have one of a few marks; they are seen where they are too weak to be read.
     *
     * @param file a video or a picture
     * @param expected IDs, best no more than a dozen
     * @return what was found, with measurements
     * @throws IOException if the file cannot be decoded
     */
    public DetectionResult examine(Path file, Collection<MarkId> expected) throws IOException {
        return examine(ClipResiduals.read(file), expected);
    }

    /** As above, of a file that was decoded. */
    DetectionResult examine(ClipResiduals residuals, Collection<MarkId> expected) {
        long start = System.nanoTime();
        MarkSearch search = new MarkSearch(keys, expected.isEmpty() ? 0 : REMEMBERED);
        KnownMarkSearch known = new KnownMarkSearch(keys, expected, search.reader);
        List<DetectedMark> marks = new FileSearch(residuals, search, known).marks();
        return new DetectionResult(
                marks,
                search.attempts,
                search.bestSync,
                search.bestCorrelation,
                known.bestStatistic,
                (System.nanoTime() - start) / 1e9);
    }
}
