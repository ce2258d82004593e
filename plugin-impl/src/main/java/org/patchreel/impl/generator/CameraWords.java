package org.patchreel.impl.generator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.patchreel.api.Camera;
import org.patchreel.api.CameraMove;
import org.patchreel.spi.ModelCapabilities;
import org.patchreel.spi.ModelDescriptor;
import org.patchreel.spi.PromptLanguage;

/** Says how the camera moves, at the end of a prompt, in the words that a model was trained with. */
final class CameraWords {

    /** Between moves that follow one another. */
    private static final String THEN = "then";

    private static final String SENTENCE_ENDS = ".!?\u2026\u3002\uff01\uff1f";

    private CameraWords() {}

    /**
     * Adds a sentence to a prompt.
     *
     * @param prompt without words for the camera's moves
     * @param camera how the camera moves
     * @param model that reads the prompt
     * @return the prompt and the sentence; the prompt alone if nothing is said of the camera
     * @throws IllegalArgumentException if the model has no words for a move; the message names the moves that it has
     */
    static String added(String prompt, Camera camera, ModelDescriptor model) {
        if (camera.equals(Camera.UNSPECIFIED)) {
            return prompt;
        }
        String text = prompt.stripTrailing();
        String end = SENTENCE_ENDS.indexOf(text.charAt(text.length() - 1)) >= 0 ? "" : ".";
        return text + end + " " + sentence(camera, model);
    }

    private static String sentence(Camera camera, ModelDescriptor model) {
        PromptLanguage language =
                model.capabilities().map(ModelCapabilities::language).orElse(PromptLanguage.ANY);
        boolean sequence = camera.steps().size() > 1
                && language.vocabulary().filter(known -> !known.knows(THEN)).isPresent();
        if (sequence) {
            throw new IllegalArgumentException("camera: model " + model.name()
                    + " has no words for moves that follow one another: " + camera + "; it has single ones: "
                    + labels(language));
        }
        String text = camera.steps().stream()
                .map(step -> clause(step, language, model))
                .collect(Collectors.joining(", " + THEN + " "));
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    private static String clause(List<CameraMove> step, PromptLanguage language, ModelDescriptor model) {
        Map<CameraMove, String> words = language.camera();
        return step.stream()
                .map(move -> {
                    if (!words.containsKey(move)) {
                        throw new IllegalArgumentException(
                                "camera: model " + model.name() + " has no words for " + move.label() + ", it has "
                                        + (words.isEmpty() ? "none for any move" : "them for: " + labels(language)));
                    }
                    return words.get(move);
                })
                .collect(Collectors.joining(" and "));
    }

    private static String labels(PromptLanguage language) {
        return language.camera().keySet().stream().map(CameraMove::label).collect(Collectors.joining(", "));
    }
}
