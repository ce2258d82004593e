package org.patchreel.policy;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Trains the classifier and writes the files that come with the bundle: {@code model-training/policy/train} runs it. The same tables
 * make the same files.
 */
final class ModelTraining {

    private static final int FOLDS = 3;
    private static final int EPOCHS = 12;
    private static final double RATE = 0.15;
    private static final double DECAY = 1e-5;

    /** A row of a category counts more than one of another: there are fewer. */
    private static final double POSITIVE = 2;

    /** Of harmless texts, by all categories together. */
    private static final double FALSE_REFUSALS = 0.01;

    /** A lower score says that the text is rather harmless, also where no harmless text reaches it. */
    private static final double MIN_THRESHOLD = 0.5;

    /** Harmless descriptions of pictures, by the fold in which they are held out: what is asked for comes from elsewhere, too. */
    private static final Map<String, Integer> HELD_OUT =
            Map.of("coco", 0, "vbench", 1, "vbench_long", 1, "own_dark_benign", 2);

    /** Of texts that are always trained with. */
    private static final int NEVER = -1;

    /** How many harmless texts have a word that counts as ordinary, at least. */
    private static final int ORDINARY = 2;

    private static final List<Evasion> AUGMENTED = List.of(Evasion.MISSPELLING, Evasion.SPACING, Evasion.DILUTION);

    private static final List<Category> CATEGORIES =
            Arrays.stream(Category.values()).filter(Category::isClassified).toList();

    /** Weights of a category while they are trained, with the bias behind them. */
    private static final class Training {

        private final float[] weights = new float[Features.BUCKETS + 1];
        private final float[] squares = new float[Features.BUCKETS + 1];

        double logit(int[] features) {
            double sum = 0;
            for (int feature : features) {
                sum += weights[feature];
            }
            return sum * Classifier.norm(features.length) + weights[Features.BUCKETS];
        }

        /** A step of AdaGrad. */
        void learn(int[] features, boolean positive) {
            double error = Classifier.logistic(logit(features)) - (positive ? 1 : 0);
            double gradient = positive ? error * POSITIVE : error;
            if (Math.abs(gradient) < 1e-4) {
                return;
            }
            double share = gradient * Classifier.norm(features.length);
            for (int feature : features) {
                step(feature, share + DECAY * weights[feature]);
            }
            step(Features.BUCKETS, gradient);
        }

        private void step(int index, double gradient) {
            squares[index] += (float) (gradient * gradient);
            weights[index] -= (float) (RATE * gradient / Math.sqrt(squares[index] + 1e-6));
        }

        Classifier.Weights rounded(double threshold) {
            float largest = 0;
            for (int i = 0; i < Features.BUCKETS; i++) {
                largest = Math.max(largest, Math.abs(weights[i]));
            }
            float scale = largest / Byte.MAX_VALUE;
            byte[] values = new byte[Features.BUCKETS];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) Math.round(weights[i] / scale);
            }
            return new Classifier.Weights((float) threshold, weights[Features.BUCKETS], scale, values);
        }
    }

    private ModelTraining() {}

    /** Arguments: the folder of the files, then the tables. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        List<LabelledText> rows = new ArrayList<>();
        for (String table : Arrays.asList(arguments).subList(1, arguments.length)) {
            LabelledText.read(Path.of(table)).stream()
                    .filter(row -> row.category().map(Category::isClassified).orElse(true))
                    .forEach(rows::add);
        }
        Files.write(folder.resolve("ordinary.txt"), ordinary(rows));
        Map<Category, Double> thresholds = thresholds(rows);
        Map<Category, Classifier.Weights> weights = new EnumMap<>(Category.class);
        train(rows)
                .forEach((category, training) -> weights.put(category, training.rounded(known(thresholds, category))));
        write(weights, folder.resolve("classifier.bin.gz"));
    }

    /** Words of harmless texts, which are no misspellings of terms. */
    private static List<String> ordinary(List<LabelledText> rows) {
        Map<String, Integer> texts = new TreeMap<>();
        rows.stream()
                .filter(row -> row.category().isEmpty() && HELD_OUT.containsKey(row.source()))
                .forEach(row -> Normaliser.words(row.text()).stream()
                        .distinct()
                        .filter(word -> word.chars().allMatch(Character::isLetter))
                        .forEach(word -> texts.merge(word, 1, Integer::sum)));
        texts.values().removeIf(count -> count < ORDINARY);
        return List.copyOf(texts.keySet());
    }

    private static Map<Category, Training> train(List<LabelledText> rows) {
        List<int[]> features = new ArrayList<>();
        List<Integer> owners = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String text = rows.get(i).text();
            List<String> texts = new ArrayList<>(List.of(text));
            // a change that only refused texts had would be what is learnt
            AUGMENTED.forEach(evasion -> texts.add(evasion.of(text)));
            for (String each : texts) {
                features.add(Features.of(Normaliser.words(each)));
                owners.add(i);
            }
        }
        return CATEGORIES.parallelStream()
                .collect(Collectors.toMap(category -> category, category -> train(category, rows, features, owners)));
    }

    @SuppressWarnings("EnumOrdinal") // any number does, as long as it stays
    private static Training train(
            Category category, List<LabelledText> rows, List<int[]> features, List<Integer> owners) {
        Training training = new Training();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            order.add(i);
        }
        Random random = new Random(category.ordinal());
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            Collections.shuffle(order, random);
            for (int i : order) {
                boolean positive = rows.get(owners.get(i))
                        .category()
                        .filter(category::equals)
                        .isPresent();
                training.learn(features.get(i), positive);
            }
        }
        return training;
    }

    /** The scores from which all categories together refuse the permitted share of harmless texts that were not trained with. */
    private static Map<Category, Double> thresholds(List<LabelledText> rows) {
        Map<Category, double[]> scores = new EnumMap<>(Category.class);
        CATEGORIES.forEach(category -> scores.put(category, new double[rows.size()]));
        for (int fold = 0; fold < FOLDS; fold++) {
            int held = fold;
            List<LabelledText> others =
                    rows.stream().filter(row -> fold(row) != held).toList();
            Map<Category, Classifier.Weights> weights = new EnumMap<>(Category.class);
            train(others).forEach((category, training) -> weights.put(category, training.rounded(1)));
            Classifier classifier = new Classifier(weights);
            for (int i = 0; i < rows.size(); i++) {
                if (fold(rows.get(i)) == held) {
                    int row = i;
                    // with very short texts, whose scores are the highest: thresholds that hold for them leave room for
                    // others
                    classifier
                            .scoresOfAny(Normaliser.words(rows.get(i).text()))
                            .forEach((category, score) -> known(scores, category)[row] = score);
                }
            }
        }
        List<Integer> harmless = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).category().isEmpty() && fold(rows.get(i)) != NEVER) {
                harmless.add(i);
            }
        }
        Map<Category, Double> thresholds = new EnumMap<>(Category.class);
        double low = 0;
        double high = FALSE_REFUSALS;
        for (int i = 0; i < 30; i++) {
            double rate = (low + high) / 2;
            Map<Category, Double> tried = thresholds(scores, harmless, rate);
            long refused = harmless.stream()
                    .filter(row -> CATEGORIES.stream()
                            .anyMatch(category -> known(scores, category)[row] >= known(tried, category)))
                    .count();
            if (refused <= FALSE_REFUSALS * harmless.size()) {
                low = rate;
                thresholds = tried;
            } else {
                high = rate;
            }
        }
        report(rows, scores, thresholds);
        return thresholds;
    }

    /** The scores that this share of the harmless texts reaches in each category. */
    private static Map<Category, Double> thresholds(
            Map<Category, double[]> scores, List<Integer> harmless, double share) {
        Map<Category, Double> thresholds = new EnumMap<>(Category.class);
        scores.forEach((category, values) -> {
            double[] sorted =
                    harmless.stream().mapToDouble(row -> values[row]).sorted().toArray();
            int index = sorted.length - 1 - (int) (share * sorted.length);
            thresholds.put(category, Math.max(MIN_THRESHOLD, Math.min(1, Math.nextUp(sorted[index]))));
        });
        return thresholds;
    }

    private static void report(
            List<LabelledText> rows, Map<Category, double[]> scores, Map<Category, Double> thresholds) {
        Map<Category, int[]> found = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            int row = i;
            rows.get(i).category().ifPresent(category -> {
                int[] counts = found.computeIfAbsent(category, key -> new int[2]);
                counts[0]++;
                counts[1] += CATEGORIES.stream().anyMatch(each -> known(scores, each)[row] >= known(thresholds, each))
                        ? 1
                        : 0;
            });
        }
        CATEGORIES.forEach(category -> System.out.printf(
                Locale.ROOT,
                "%-16s threshold %.4f, refuses %d of %d that were not trained with%n",
                category.label(),
                known(thresholds, category),
                known(found, category)[1],
                known(found, category)[0]));
    }

    private static <T> T known(Map<Category, T> values, Category category) {
        return Objects.requireNonNull(values.get(category), category.label());
    }

    private static int fold(LabelledText row) {
        return row.category().isEmpty()
                ? HELD_OUT.getOrDefault(row.source(), NEVER)
                : Math.floorMod(row.text().hashCode(), FOLDS);
    }

    private static void write(Map<Category, Classifier.Weights> weights, Path file) throws IOException {
        try (OutputStream to = Files.newOutputStream(file);
                DataOutputStream out = new DataOutputStream(new GZIPOutputStream(to))) {
            out.writeInt(weights.size());
            for (Map.Entry<Category, Classifier.Weights> entry : weights.entrySet()) {
                out.writeUTF(entry.getKey().label());
                entry.getValue().write(out);
            }
        }
    }
}
