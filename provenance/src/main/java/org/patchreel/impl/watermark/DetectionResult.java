package org.patchreel.impl.watermark;

import java.util.List;

/**
 * All that a detection found, for measurements.
 *
 * @param marks those read, in the order of time
 * @param attempts words that were decoded, all keys together
 * @param syncStatistic the largest t of all attempts, also of those that read nothing
 * @param correlation the largest ρ of all attempts
 * @param knownStatistic the largest t of a mark that was asked for; 0 if none was
 * @param seconds wall time from the file's opening to the result
 */
public record DetectionResult(
        List<DetectedMark> marks,
        int attempts,
        double syncStatistic,
        double correlation,
        double knownStatistic,
        double seconds) {}
