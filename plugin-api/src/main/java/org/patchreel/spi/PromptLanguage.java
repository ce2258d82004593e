package org.patchreel.spi;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.patchreel.api.CameraMove;

/**
 * What a model understands of a prompt.
 *
 * @param vocabulary the only words that it knows; empty for a model that reads any text
 * @param camera the words for each move of the camera that it was trained with, a main clause that can end a sentence: {@code the
 *     camera pans left}
 */
public record PromptLanguage(Optional<ClosedVocabulary> vocabulary, Map<CameraMove, String> camera) {

    /** Reads any text, and is told nothing of the camera. */
    public static final PromptLanguage ANY = new PromptLanguage(Optional.empty(), Map.of());

    /**
     * Checks the words for the camera's moves.
     *
     * @throws IllegalArgumentException if some are blank, or the vocabulary does not have them; the message names them
     * @throws NullPointerException if a value is null; the message is its name
     */
    public PromptLanguage {
        Objects.requireNonNull(vocabulary, "vocabulary");
        EnumMap<CameraMove, String> ordered = new EnumMap<>(CameraMove.class);
        ordered.putAll(Objects.requireNonNull(camera, "camera"));
        camera = Collections.unmodifiableMap(ordered);
        camera.forEach((move, words) -> {
            if (words.isBlank()) {
                throw new IllegalArgumentException("the camera move " + move.label() + " has no words");
            }
        });
        vocabulary.ifPresent(
                known -> ordered.forEach((move, words) -> known.require("the camera move " + move.label(), words)));
    }
}
