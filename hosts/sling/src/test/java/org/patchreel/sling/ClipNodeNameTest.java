package org.patchreel.sling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClipNodeNameTest {

    @ParameterizedTest
    @CsvSource({
        "Red ball, Red-ball.mp4",
        "Größe 2:1, Größe-2-1.mp4",
        "赤いボール, 赤いボール.mp4",
        "'a/b\\c[d]|e*', a-b-c-d-e.mp4",
        "100% & more?, 100-more.mp4",
        "'.hidden.', hidden.mp4",
        "'..', 01A.mp4",
        "'///', 01A.mp4",
    })
    void keepsWhatIsReadableAndLeavesOutWhatHasAMeaning(String title, String name) {
        assertEquals(name, ClipNodeName.of(title, "01A", 1, ".mp4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ß", "赤", "\uD83D\uDE80"})
    void fitsIntoTheNamesOfOaksDocumentStores(String letter) {
        String name = ClipNodeName.of(letter.repeat(200), "01A", 999_999, ".mp4");
        assertTrue(name.getBytes(StandardCharsets.UTF_8).length <= 150, name);
        assertTrue(name.startsWith(letter) && name.endsWith(letter + "-999999.mp4"), name);
    }
}
