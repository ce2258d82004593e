package org.patchreel.runtime.classifier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.VideoFrame;

class NsfwClassifierTest {

    /** The weights are the same; sums are made in another order. */
    private static final double TOLERANCE = 1e-4;

    private static final NsfwClassifier CLASSIFIER = new NsfwClassifier();

    @AfterAll
    static void close() {
        CLASSIFIER.close();
    }

    @Test
    void scoresAreThoseOfTfjs() throws IOException {
        JsonNode golden;
        try (InputStream file =
                Objects.requireNonNull(NsfwClassifierTest.class.getResourceAsStream("scores.json"), "scores.json")) {
            golden = new ObjectMapper().readTree(file);
        }
        assertEquals(7, golden.size());
        for (Map.Entry<String, JsonNode> picture : golden.properties()) {
            Map<String, Double> scores = CLASSIFIER.scores(DrawnPicture.of(picture.getKey()));
            assertEquals(CLASSIFIER.labels(), List.copyOf(scores.keySet()));
            List<Double> found = new ArrayList<>(scores.values());
            for (int i = 0; i < found.size(); i++) {
                assertEquals(
                        picture.getValue().get(i).doubleValue(),
                        found.get(i),
                        TOLERANCE,
                        picture.getKey() + ", " + CLASSIFIER.labels().get(i));
            }
        }
    }

    @Test
    void aLargerPictureIsTheSamePicture() throws IOException {
        VideoFrame gradient = DrawnPicture.of("gradient");
        int twice = 2 * DrawnPicture.SIDE;
        ByteBuffer rgb = ByteBuffer.allocate(3 * twice * twice);
        for (int y = 0; y < twice; y++) {
            for (int x = 0; x < twice; x++) {
                rgb.put(gradient.rgb().slice(3 * (y / 2 * DrawnPicture.SIDE + x / 2), 3));
            }
        }
        Map<String, Double> small = CLASSIFIER.scores(gradient);
        Map<String, Double> large = CLASSIFIER.scores(new VideoFrame(twice, twice, rgb.flip()));
        // the filter of the resizing takes neighbours in
        small.forEach((label, score) -> assertEquals(score, Objects.requireNonNull(large.get(label)), 0.05, label));
    }

    @Test
    void aPictureOfOnePixelHasScores() throws IOException {
        Map<String, Double> scores = CLASSIFIER.scores(new VideoFrame(1, 1, ByteBuffer.allocate(3)));
        assertEquals(1, scores.values().stream().mapToDouble(score -> score).sum(), 1e-5);
    }

    @Test
    void aClassifierThatHasStoppedSaysSo() {
        NsfwClassifier stopped = new NsfwClassifier();
        stopped.close();
        IOException failure =
                assertThrows(IOException.class, () -> stopped.scores(new VideoFrame(1, 1, ByteBuffer.allocate(3))));
        assertTrue(String.valueOf(failure.getMessage()).contains("has stopped"), failure.getMessage());
    }
}
