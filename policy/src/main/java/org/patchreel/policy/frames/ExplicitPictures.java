package org.patchreel.policy.frames;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.patchreel.spi.PictureClassifier;
import org.patchreel.spi.VideoFrame;

/**
 * Finds explicit pictures.
 *
 * @param classifier tells classes apart
 * @param thresholds scores of classes from which a picture is explicit
 */
record ExplicitPictures(PictureClassifier classifier, Map<String, Double> thresholds) {

    /**
     * Checks that the classifier knows the classes.
     *
     * @throws IOException if it knows another one; the message lists them
     */
    static ExplicitPictures of(PictureClassifier classifier, Map<String, Double> thresholds) throws IOException {
        for (String label : thresholds.keySet()) {
            if (!classifier.labels().contains(label)) {
                throw new IOException(FrameCheck.PID + ": thresholds: the classifier " + classifier.name()
                        + " has no class \"" + label + "\", it has " + String.join(", ", classifier.labels()));
            }
        }
        return new ExplicitPictures(classifier, thresholds);
    }

    /**
     * {@return the class whose threshold a picture reaches, the first one by name}
     *
     * @throws IOException if the picture cannot be classified
     */
    Optional<String> find(VideoFrame picture) throws IOException {
        Map<String, Double> scores = classifier.scores(picture);
        for (Map.Entry<String, Double> threshold : thresholds.entrySet()) {
            Double score = scores.get(threshold.getKey());
            if (score == null) {
                throw new IOException(
                        "the picture classifier " + classifier.name() + " gives no score for " + threshold.getKey());
            }
            if (!(score < threshold.getValue())) {
                return Optional.of(threshold.getKey());
            }
        }
        return Optional.empty();
    }
}
