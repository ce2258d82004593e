package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.spi.ComponentStatus.Problem;

class SettingsTest {
    private static final String PID = "org.patchreel.media";

    private static Settings.Reader<Integer> quality(Map<String, ?> properties) {
        return values ->
                values.integer("quality", () -> Integer.parseInt(String.valueOf(properties.get("quality"))), 1, 100);
    }

    private static Settings<Integer> settings(Map<String, ?> properties) {
        return new Settings<>(PID, properties, quality(properties));
    }

    @Test
    void namesPidKeyValueAndFileOfAValueThatCannotBeUsed() {
        Map<String, String> properties =
                Map.of("quality", "high", "felix.fileinstall.filename", "file:/home/me/conf/org.patchreel.media.cfg");
        Settings<Integer> settings = settings(properties);
        ConfigurationException refusal = assertThrows(ConfigurationException.class, settings::get);
        assertEquals(
                "org.patchreel.media: quality = high, expected a whole number from 1 to 100"
                        + " (in /home/me/conf/org.patchreel.media.cfg)",
                refusal.getMessage());
        assertEquals(
                Optional.of(new Problem(
                        "configuration org.patchreel.media",
                        "quality = high, expected a whole number from 1 to 100"
                                + " (in /home/me/conf/org.patchreel.media.cfg)",
                        "correct /home/me/conf/org.patchreel.media.cfg",
                        false)),
                settings.problem());
    }

    @Test
    void keepsTheLastGoodValuesAndSaysSo() {
        Settings<Integer> settings = settings(Map.of("quality", "90"));
        Map<String, String> wrong = Map.of("quality", "0");
        settings.update(PID, wrong, quality(wrong));
        assertEquals(90, settings.get());
        Problem problem = settings.problem().orElseThrow();
        assertTrue(problem.usable());
        assertEquals(
                "quality = 0, expected a whole number from 1 to 100; the values before it stay in use",
                problem.description());
        assertEquals("correct the configuration org.patchreel.media", problem.remedy());

        Map<String, String> right = Map.of("quality", "50");
        settings.update(PID, right, quality(right));
        assertEquals(50, settings.get());
        assertEquals(Optional.empty(), settings.problem());
    }

    @Test
    void readsAgainWhatCouldNotBeReadBecauseAFileWasMissing() {
        boolean[] there = new boolean[1];
        Settings<String> settings = new Settings<>(PID, Map.of(), values -> {
            if (!there[0]) {
                throw new IOException("/keys does not exist");
            }
            return "keys";
        });
        assertEquals("/keys does not exist", settings.problem().orElseThrow().description());
        there[0] = true;
        assertEquals("keys", settings.get());
        assertEquals(Optional.empty(), settings.problem());
    }

    @Test
    void namesTheInstanceOfAFactory() {
        Settings<Integer> settings = settings(Map.of("quality", "x", "service.pid", "org.patchreel.model~wan"));
        assertEquals(
                "configuration org.patchreel.model~wan",
                settings.problem().orElseThrow().subject());
    }

    @Test
    void takesNothingButTrueAndFalseForAFlag() {
        for (String text : List.of("yes", "1", "on", "")) {
            ConfigurationValues values = new ConfigurationValues(PID, Map.of("manifest", text));
            ConfigurationException refusal =
                    assertThrows(ConfigurationException.class, () -> values.flag("manifest", () -> false));
            assertEquals("org.patchreel.media: manifest = " + text + ", expected true or false", refusal.getMessage());
        }
        assertTrue(new ConfigurationValues(PID, Map.of("manifest", " True")).flag("manifest", () -> false));
        assertFalse(new ConfigurationValues(PID, Map.of("manifest", false)).flag("manifest", () -> false));
        assertTrue(new ConfigurationValues(PID, Map.of()).flag("manifest", () -> true));
    }

    @Test
    void namesTheOptionsOfAChoice() {
        ConfigurationValues values = new ConfigurationValues(PID, Map.of("codec", "vp9"));
        List<Map.Entry<String, Integer>> options = List.of(Map.entry("h264", 1), Map.entry("av1", 2));
        assertEquals(2, values.<Integer>option("codec", () -> "av1", options));
        assertEquals(
                "org.patchreel.media: codec = vp9, expected h264 or av1",
                assertThrows(ConfigurationException.class, () -> values.option("codec", () -> "vp9", options))
                        .getMessage());
    }

    @Test
    void doesNotShowTheValueOfASecret() {
        ConfigurationValues values = new ConfigurationValues(PID, Map.of(".password", "hunter2"));
        String message =
                values.refused(".password", "expected that of the keystore").getMessage();
        assertEquals("org.patchreel.media: .password, expected that of the keystore", message);
    }
}
