package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads marks without the original. May be used by any thread. */
public final class WatermarkDetector {
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
        long start = System.nanoTime();
        MarkSearch search = new MarkSearch(keys);
        List<DetectedMark> marks = new FileSearch(ClipResiduals.read(file), search).marks();
        return new DetectionResult(
                marks, search.attempts, search.bestSync, search.bestCorrelation, (System.nanoTime() - start) / 1e9);
    }
}
