package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DamAssetNameTest {

    private static List<String> candidates(String title) {
        return DamAssetName.candidates(Optional.of(title), "01A", ".mp4").toList();
    }

    @Test
    void isTheTitleInAnyScript() {
        assertEquals(
                "Größe 赤い \uD83D\uDE80.mp4", candidates("Größe 赤い \uD83D\uDE80").get(0));
    }

    @Test
    void composesAccents() {
        assertEquals("Größe.mp4", candidates("Gro\u0308ße").get(0));
    }

    @Test
    void replacesWhatNamesCannotHold() {
        assertEquals("a-b-c-d 16-9.mp4", candidates("a/b\\c|d 16:9").get(0));
        assertEquals(
                "50- off-.mp4".replace("-.mp4", ".mp4"), candidates("50% off?").get(0));
    }

    @Test
    void isTheIdWithoutATitleAndForOneThatIsNothingButDots() {
        assertEquals("01A.mp4", candidates("..").get(0));
        assertEquals(
                "01A.png",
                DamAssetName.candidates(Optional.empty(), "01A", ".png")
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void numbersSiblingsAndEndsWithTheId() {
        List<String> names = candidates("Ball");
        assertEquals(List.of("Ball.mp4", "Ball-2.mp4", "Ball-3.mp4"), names.subList(0, 3));
        assertEquals("Ball-01A.mp4", names.get(names.size() - 1));
    }

    @Test
    void fitsIntoADocumentStoreAndCutsNoCharacterInTwo() {
        String id = "01M3250V00XEQM0ZM8S6CPF1KE";
        DamAssetName.candidates(Optional.of("\uD83D\uDE80".repeat(100)), id, ".mp4")
                .forEach(name -> {
                    assertTrue(name.getBytes(StandardCharsets.UTF_8).length <= 150, name);
                    assertEquals(name, new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
                });
    }
}
