package org.patchreel.api;

import java.util.Objects;

/**
 * What a clip's pictures come from, in IPTC's words (<a
 * href="https://cv.iptc.org/newscodes/digitalsourcetype/">NewsCodes</a>), which manifests, asset managers and editors
 * understand. The vocabulary is open: an editor may have chosen another term since.
 *
 * @param uri the term's address
 */
public record DigitalSourceType(String uri) {

    private static final String VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/";

    /** A model made it from a prompt. */
    public static final DigitalSourceType TRAINED_ALGORITHMIC_MEDIA =
            new DigitalSourceType(VOCABULARY + "trainedAlgorithmicMedia");

    /** Elements of which at least one was made by a model. */
    public static final DigitalSourceType COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA =
            new DigitalSourceType(VOCABULARY + "compositeWithTrainedAlgorithmicMedia");

    /**
     * Checks the address.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public DigitalSourceType {
        Objects.requireNonNull(uri, "uri");
        if (uri.isBlank()) {
            throw new IllegalArgumentException("digital source type is empty");
        }
    }
}
