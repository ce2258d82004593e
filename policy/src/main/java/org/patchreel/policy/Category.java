package org.patchreel.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A kind of content that may be refused. */
enum Category {
    SEXUAL_MINORS("sexual-minors", "sexual content together with children"),
    SEXUAL("sexual", "sexual content"),
    VIOLENCE("violence", "graphic violence"),
    HATE("hate", "hate against groups of people"),
    REAL_PERSONS("real-persons", "real persons"),
    MISINFORMATION("misinformation", "misinformation about elections or emergencies"),
    SELF_HARM("self-harm", "self-harm"),
    ILLEGAL("illegal", "illegal acts"),
    BRANDS("brands", "brands or characters of others");

    private final String label;
    private final String description;

    Category(String label, String description) {
        this.label = label;
        this.description = description;
    }

    /** {@return the name in configurations, files and reports} */
    String label() {
        return label;
    }

    /** {@return the kind of content, for the person who asked} */
    String description() {
        return description;
    }

    /** {@return whether the classifier knows it; the others are found by words alone: what names a person is no matter of style} */
    boolean isClassified() {
        return this != SEXUAL_MINORS && this != REAL_PERSONS && this != BRANDS;
    }

    static Optional<Category> of(String label) {
        return Arrays.stream(values())
                .filter(category -> category.label.equals(label))
                .findFirst();
    }

    /** {@return all names, for messages} */
    static String labels() {
        return Arrays.stream(values()).map(Category::label).collect(Collectors.joining(", "));
    }
}
