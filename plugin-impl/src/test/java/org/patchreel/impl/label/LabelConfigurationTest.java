package org.patchreel.impl.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.impl.media.LabelPosition;
import org.patchreel.spi.ConfigurationException;

class LabelConfigurationTest {

    private static String refusal(Map<String, ?> properties) {
        LabelConfiguration configuration = TestLabels.configuration(properties);
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> configuration.label(false));
        assertTrue(configuration.problem().isPresent());
        return String.valueOf(refused.getMessage());
    }

    @Test
    void nothingIsLabelledUnlessAProfileIsChosen() {
        assertEquals(Optional.empty(), TestLabels.label(Map.of(), false));
        assertEquals(Optional.empty(), TestLabels.label(Map.of("profile", "none", "text", "AI"), false));
    }

    @ParameterizedTest
    @CsvSource({
        "eu, AI GENERATED, AI MODIFIED, TOP_RIGHT, 3",
        "cn, AI生成, AI合成, TOP_LEFT, 2",
        "in, AI GENERATED, AI MODIFIED, TOP_RIGHT, 0",
        "kr, AI로 생성됨, AI로 수정됨, TOP_RIGHT, 0",
        "ca, AI GENERATED, AI MODIFIED, BOTTOM_RIGHT, 0"
    })
    void aProfileGivesAllThatIsNotConfigured(
            String profile, String generated, String modified, LabelPosition position, int seconds) {
        Map<String, Object> properties = Map.of("profile", profile, "producer", "Studio");
        VisibleLabel label = TestLabels.generated(properties);
        assertEquals(profile, label.profile().label());
        assertEquals(generated, label.look().text());
        assertEquals(position, label.look().position());
        assertEquals(5, label.look().heightPercent());
        assertEquals(new VisibleLabel.Timing(seconds, true), label.timing());
        assertEquals(profile.equals("cn") ? Optional.of("Studio") : Optional.empty(), label.producer());
        assertEquals(
                modified,
                TestLabels.label(properties, true).orElseThrow().look().text());
    }

    @Test
    void whatIsConfiguredIsUsed() {
        VisibleLabel label = TestLabels.generated(Map.of(
                "profile",
                "eu",
                "locale",
                "de_DE",
                "position",
                "bottom-left",
                "seconds",
                5,
                "shots",
                false,
                "height.percent",
                8,
                "opacity",
                100));
        assertEquals("KI-GENERIERT", label.look().text());
        assertEquals(LabelPosition.BOTTOM_LEFT, label.look().position());
        assertEquals(new VisibleLabel.Timing(5, false), label.timing());
        assertEquals(8, label.look().heightPercent());
        assertEquals(100, label.look().opacityPercent());
        assertEquals(
                "Made by a machine",
                TestLabels.label(Map.of("profile", "custom", "text", " Made by a machine "), true)
                        .orElseThrow()
                        .look()
                        .text());
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(
                        "eu", "profile", "us", "profile = us, expected none or eu or cn or in or kr or ca or custom"),
                Arguments.of("cn", "height.percent", 4, "height.percent = 4, profile cn expects 5 or more"),
                Arguments.of("eu", "height.percent", 1, "height.percent = 1, profile eu expects 2 or more"),
                Arguments.of("eu", "height.percent", 31, "height.percent = 31, expected a whole number from 1 to 30"),
                Arguments.of("cn", "seconds", 1, "seconds = 1, profile cn expects 2 or more, or 0 for throughout"),
                Arguments.of("in", "seconds", 10, "seconds = 10, profile in expects 0: the label is shown throughout"),
                Arguments.of("kr", "seconds", 3, "seconds = 3, profile kr expects 0: the label is shown throughout"),
                Arguments.of("eu", "seconds", -2, "seconds = -2, expected a whole number of at least -1"),
                Arguments.of("eu", "opacity", 59, "opacity = 59, expected a whole number from 60 to 100"),
                Arguments.of(
                        "eu",
                        "position",
                        "middle",
                        "position = middle, expected top-left or top or top-right or bottom-left or bottom or bottom-right"),
                Arguments.of(
                        "eu",
                        "locale",
                        "tlh",
                        "locale = tlh, expected one of the languages de, en, es, fr, hi, it, ko, zh, or a text"),
                Arguments.of(
                        "cn",
                        "locale",
                        "en",
                        "locale = en, profile cn expects a text with 人工智能 or AI, and with 生成 or 合成"),
                Arguments.of(
                        "cn", "text", "生成", "text = 生成, profile cn expects a text with 人工智能 or AI, and with 生成 or 合成"),
                Arguments.of("eu", "text", "AI ع", "text = AI ع, the fonts of labels lack the characters ع"),
                Arguments.of("eu", "text", "a\nb", "text = a\nb, expected one line of at most 80 characters"),
                Arguments.of(
                        "eu",
                        "text",
                        "a".repeat(81),
                        "text = " + "a".repeat(81) + ", expected one line of at most 80 characters"),
                Arguments.of("custom", "text", "", "text = , profile custom expects one"),
                Arguments.of(
                        "cn",
                        "producer",
                        " ",
                        "producer =  , profile cn expects the name or code of who provides the service"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void aBadValueIsNamed(String profile, String key, Object value, String message) {
        Map<String, Object> properties = new HashMap<>(Map.of("profile", profile, "producer", "Studio"));
        properties.put(key, value);
        assertEquals("org.patchreel.label: " + message, refusal(properties));
    }
}
