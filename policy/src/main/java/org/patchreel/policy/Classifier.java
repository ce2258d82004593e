package org.patchreel.policy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A logistic regression on hashed features for each category. Immutable.
 *
 * <p>Its file, compressed with gzip: the number of categories, and for each of them its name ({@link DataInputStream#readUTF}), the
 * threshold, the bias and the scale as floats, and a byte for each bucket, which times the scale is the weight.
 * {@code model-training/policy} makes it.
 */
final class Classifier {

    private static final String MODEL = "classifier.bin.gz";

    /** Words that are judged together: a few among many would be lost in the whole. */
    private static final int WINDOW = 24;

    private static final int STEP = WINDOW / 2;

    /** Fewer words have too few features for a score: the lists judge them. */
    private static final int MIN_WORDS = 4;

    /** Keeps the sum of many features comparable with that of few, and that of very few small: a word or two say little. */
    private static final float NORM = 4;

    private static final int FEW = 30;

    /** What the classifier knows of a category. */
    static final class Weights {

        /** The score from which a text is refused, 0 to 1. */
        private final float threshold;

        private final float bias;
        private final float scale;
        private final byte[] values;

        Weights(float threshold, float bias, float scale, byte[] values) {
            this.threshold = threshold;
            this.bias = bias;
            this.scale = scale;
            this.values = values;
        }

        private double score(int[] features) {
            long sum = 0;
            for (int feature : features) {
                sum += values[feature];
            }
            return logistic(sum * scale * norm(features.length) + bias);
        }

        void write(DataOutputStream out) throws IOException {
            out.writeFloat(threshold);
            out.writeFloat(bias);
            out.writeFloat(scale);
            out.write(values);
        }

        static Weights read(DataInputStream in) throws IOException {
            float threshold = in.readFloat();
            float bias = in.readFloat();
            float scale = in.readFloat();
            byte[] values = new byte[Features.BUCKETS];
            in.readFully(values);
            return new Weights(threshold, bias, scale, values);
        }
    }

    private final Map<Category, Weights> weights = new EnumMap<>(Category.class);

    Classifier(Map<Category, Weights> weights) {
        this.weights.putAll(weights);
    }

    /** The model that comes with the bundle. */
    static Classifier resource() throws IOException {
        try (InputStream file = Objects.requireNonNull(Classifier.class.getResourceAsStream(MODEL), MODEL)) {
            return read(file);
        }
    }

    static Classifier read(InputStream file) throws IOException {
        DataInputStream in = new DataInputStream(new GZIPInputStream(file, 1 << 16));
        Map<Category, Weights> weights = new EnumMap<>(Category.class);
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String label = in.readUTF();
            Category category =
                    Category.of(label).orElseThrow(() -> new IOException("the model knows no category " + label));
            weights.put(category, Weights.read(in));
        }
        return new Classifier(weights);
    }

    /** {@return the score from which the model's makers would refuse} */
    double threshold(Category category) {
        Weights known = weights.get(category);
        return known == null ? 1 : known.threshold;
    }

    /** {@return for each category the highest score of the words and of every window of them, 0 to 1; 0 of very few words} */
    Map<Category, Double> scores(List<String> words) {
        return scoresOfAny(words.size() < MIN_WORDS ? List.of() : words);
    }

    /** The same without a minimum of words. */
    Map<Category, Double> scoresOfAny(List<String> words) {
        List<int[]> parts = new ArrayList<>();
        if (!words.isEmpty()) {
            parts.add(Features.of(words));
        }
        for (int i = 0; words.size() > WINDOW && i < words.size() - STEP; i += STEP) {
            parts.add(Features.of(words.subList(i, Math.min(words.size(), i + WINDOW))));
        }
        Map<Category, Double> scores = new EnumMap<>(Category.class);
        weights.forEach((category, known) -> scores.put(
                category,
                parts.stream().mapToDouble(part -> known.score(part)).max().orElse(0)));
        return scores;
    }

    /** {@return the factor for the sum of the weights of a number of features} */
    static double norm(int features) {
        return NORM / Math.sqrt(features + FEW);
    }

    static double logistic(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }
}
