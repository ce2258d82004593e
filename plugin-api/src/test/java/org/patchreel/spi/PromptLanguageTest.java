package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.patchreel.api.CameraMove;

class PromptLanguageTest {

    private static final Set<String> WORDS = Set.of("a", "red", "ball", "the", "camera", "is", "still");

    @Test
    void namesTheWordsThatAVocabularyLacks() {
        ClosedVocabulary known = new ClosedVocabulary(WORDS, Map.of());
        assertEquals(
                List.of("crimson", "Dragon", "\u8d64\u3044", "7"),
                known.unknown("A crimson ball, a Dragon! a crimson ball \u8d64\u3044 - 7"));
        assertEquals(List.of(), known.unknown("A RED ball..."));
        assertEquals(List.of(), known.unknown(""));
    }

    @Test
    void refusesSynonymsThatDoNotHelp() {
        assertRefused(
                "the synonym \"orb\" stands for \"a sphere\", whose words sphere are unknown",
                () -> new ClosedVocabulary(WORDS, Map.of("orb", "a sphere")));
        assertRefused("the synonym \"orb\" stands for \" \"", () -> new ClosedVocabulary(WORDS, Map.of("orb", " ")));
        assertRefused(
                "the synonym \"red ball\" has no word that is unknown",
                () -> new ClosedVocabulary(WORDS, Map.of("red ball", "ball")));
    }

    @Test
    void refusesCameraMovesWhoseWordsTheModelDoesNotKnow() {
        Optional<ClosedVocabulary> known = Optional.of(new ClosedVocabulary(WORDS, Map.of()));
        Map<CameraMove, String> pans = Map.of(CameraMove.PAN_LEFT, "the camera pans");
        assertEquals(pans, new PromptLanguage(Optional.empty(), pans).camera());
        assertRefused(
                "the camera move pan left stands for \"the camera pans\", whose words pans are unknown",
                () -> new PromptLanguage(known, pans));
        assertRefused(
                "the camera move static has no words",
                () -> new PromptLanguage(Optional.empty(), Map.of(CameraMove.STATIC, "")));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
