package org.patchreel.policy.frames;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

/**
 * What is configured.
 *
 * @param framesPerSecond that are looked at
 * @param broken what follows from black, plain, noisy and frozen clips
 * @param likeness what follows from a frame like a protected picture
 * @param explicit what follows from an explicit frame
 * @param classifierRequired whether clips are refused while no classifier is installed
 * @param thresholds of the classes, by which a frame is explicit
 * @param folder of the protected pictures
 */
record FrameSettings(
        int framesPerSecond,
        Consequence broken,
        Consequence likeness,
        Consequence explicit,
        boolean classifierRequired,
        Map<String, Double> thresholds,
        Path folder) {

    private static final int MAX_RATE = 30;

    FrameSettings {
        thresholds = Map.copyOf(thresholds);
    }

    static FrameSettings read(ConfigurationValues values, HomeFolder home, FrameCheck.Config config) {
        return new FrameSettings(
                values.integer("frames.per.second", config::frames_per_second, 1, MAX_RATE),
                values.option("broken", config::broken, Consequence.OPTIONS),
                values.option("likeness", config::likeness, Consequence.OPTIONS),
                values.option("explicit", config::explicit, Consequence.OPTIONS),
                values.flag("classifier.required", config::classifier_required),
                thresholds(values, config.thresholds()),
                home.resolve(config.protected_pictures()));
    }

    private static Map<String, Double> thresholds(ConfigurationValues values, String[] entries) {
        Map<String, Double> thresholds = new TreeMap<>();
        for (String text : entries) {
            for (String entry :
                    Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
                if (!entry.isEmpty()) {
                    int colon = entry.indexOf(':');
                    String label = entry.substring(0, Math.max(0, colon)).strip();
                    thresholds.put(label, threshold(values, entry, label, entry.substring(colon + 1)));
                }
            }
        }
        return thresholds;
    }

    private static double threshold(ConfigurationValues values, String entry, String label, String number) {
        try {
            double threshold = Double.parseDouble(number.strip());
            if (!label.isEmpty() && threshold > 0 && threshold <= 1) {
                return threshold;
            }
        } catch (NumberFormatException e) {
            // refused below, like a number that is out of range
        }
        throw values.refused(
                "thresholds", "expected CLASS:NUMBER with a number above 0 and at most 1, not \"" + entry + "\"");
    }
}
