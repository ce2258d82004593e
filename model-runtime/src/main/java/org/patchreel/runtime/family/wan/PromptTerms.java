package org.patchreel.runtime.family.wan;

import static java.util.Map.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.CameraMove;
import org.patchreel.runtime.weights.CheckpointException;
import org.patchreel.runtime.weights.ConfigFile;
import org.patchreel.spi.ClosedVocabulary;
import org.patchreel.spi.PromptLanguage;

/**
 * What a checkpoint understands of a prompt. Its {@value GenerationDefaults#FILE} may have a {@code vocabulary} (a list of words, if
 * it knows no others), {@code synonyms} (phrases, each with what to write instead) and {@code camera} (film terms, each with the
 * words of the training data). Without a vocabulary the camera's words are by default those that Wan's models were captioned with.
 */
final class PromptTerms {

    /** After the prompt guide of the Wan authors: pushes in, pulls back, moves, pans, tilts, orbits, fixed, hand-held. */
    private static final Map<CameraMove, String> WAN = Map.ofEntries(
            entry(CameraMove.STATIC, "the camera is fixed and does not move"),
            entry(CameraMove.PAN_LEFT, "the camera pans left"),
            entry(CameraMove.PAN_RIGHT, "the camera pans right"),
            entry(CameraMove.TILT_UP, "the camera tilts up"),
            entry(CameraMove.TILT_DOWN, "the camera tilts down"),
            entry(CameraMove.ZOOM_IN, "the camera zooms in"),
            entry(CameraMove.ZOOM_OUT, "the camera zooms out"),
            entry(CameraMove.DOLLY_IN, "the camera pushes in"),
            entry(CameraMove.DOLLY_OUT, "the camera pulls back"),
            entry(CameraMove.TRUCK_LEFT, "the camera moves to the left"),
            entry(CameraMove.TRUCK_RIGHT, "the camera moves to the right"),
            entry(CameraMove.ORBIT_LEFT, "the camera orbits the subject to the left"),
            entry(CameraMove.ORBIT_RIGHT, "the camera orbits the subject to the right"),
            entry(CameraMove.CRANE_UP, "the camera rises in a crane shot"),
            entry(CameraMove.CRANE_DOWN, "the camera descends in a crane shot"),
            entry(CameraMove.FOLLOW, "the camera follows the subject in a tracking shot"),
            entry(CameraMove.HANDHELD, "the camera is hand-held and shakes slightly"));

    private PromptTerms() {}

    /**
     * Reads what a checkpoint says.
     *
     * @param index of the checkpoint
     * @throws IOException if its file cannot be read, or an entry cannot be used; the message names both
     */
    static PromptLanguage read(WanIndex index) throws IOException {
        Path file = index.directory().resolve(GenerationDefaults.FILE);
        if (!Files.exists(file)) {
            return new PromptLanguage(Optional.empty(), WAN);
        }
        ConfigFile config = ConfigFile.read(file);
        try {
            Optional<ClosedVocabulary> vocabulary = vocabulary(config);
            Map<CameraMove, String> camera = new EnumMap<>(CameraMove.class);
            if (vocabulary.isEmpty()) {
                camera.putAll(WAN);
            }
            for (Map.Entry<String, String> move : config.textsByName("camera").entrySet()) {
                camera.put(
                        CameraMove.find(move.getKey())
                                .orElseThrow(() -> new IllegalArgumentException(
                                        "camera has a move that is not known: " + move.getKey())),
                        move.getValue());
            }
            return new PromptLanguage(vocabulary, camera);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<ClosedVocabulary> vocabulary(ConfigFile config) throws CheckpointException {
        Map<String, String> synonyms = config.textsByName("synonyms");
        if (!config.has("vocabulary")) {
            if (!synonyms.isEmpty()) {
                throw new IllegalArgumentException("synonyms are given without a vocabulary");
            }
            return Optional.empty();
        }
        Set<String> words = new HashSet<>();
        for (Optional<String> word : config.texts("vocabulary")) {
            words.add(word.orElseThrow(() -> config.refused("vocabulary", "expected words without null"))
                    .toLowerCase(Locale.ROOT));
        }
        return Optional.of(new ClosedVocabulary(words, synonyms));
    }
}
