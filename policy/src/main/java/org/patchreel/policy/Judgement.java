package org.patchreel.policy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the rules say of some texts.
 *
 * @param finding why they are refused; empty if they are not
 * @param scores what the classifier says of each category that it knows; none of texts that cannot be judged
 */
record Judgement(Optional<Finding> finding, Map<Category, Score> scores) {

    /**
     * What the classifier says of a category.
     *
     * @param value from 0 to 1
     * @param threshold the value from which a text is refused
     */
    record Score(double value, double threshold) {

        boolean isReached() {
            return value >= threshold;
        }
    }

    Judgement {
        Map<Category, Score> ordered = new EnumMap<>(Category.class);
        ordered.putAll(scores);
        scores = Collections.unmodifiableMap(ordered);
    }
}
