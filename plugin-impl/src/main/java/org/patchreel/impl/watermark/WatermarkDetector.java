package org.patchreel.impl.watermark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.ProvenanceReport.TimeRange;

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
        ClipResiduals clip = ClipResiduals.read(file);
        MarkSearch search = new MarkSearch(keys);
        List<DetectedMark> marks = new ArrayList<>();
        double nativeScale =
                (double) WorkingGrid.SHORT_SIDE / Math.min(clip.nativeSize.width(), clip.nativeSize.height());
        MarkSearch.Found found = search.search(clip.spectra(clip.stretches), nativeScale);
        if (found != null) {
            double end = clip.stretches.get(clip.stretches.size() - 1).end;
            marks.add(new DetectedMark(
                    found.id(),
                    found.epoch(),
                    new TimeRange(Duration.ZERO, Duration.ofNanos((long) (end * 1e9))),
                    found.shift().statistic(),
                    found.correlation(),
                    found.stage(),
                    found.geometry()));
        }
        return new DetectionResult(
                List.copyOf(marks),
                search.attempts,
                search.bestSync,
                search.bestCorrelation,
                (System.nanoTime() - start) / 1e9);
    }
}
