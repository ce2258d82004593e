package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;

class PolicySettingsTest {

    private static final HomeFolder HOME = new HomeFolder(Optional.of(Path.of("/home/app")));

    private static PolicySettings read(Map<String, Object> properties) {
        return PolicySettings.read(
                new ConfigurationValues(TextPolicy.PID, properties), HOME, new Configured(properties));
    }

    private static String refusal(Map<String, Object> properties) {
        return String.valueOf(assertThrows(ConfigurationException.class, () -> read(properties))
                .getMessage());
    }

    @Test
    void withoutAConfigurationEverythingIsRefused() {
        PolicySettings settings = read(Map.of());
        assertEquals(Set.of(), settings.allowed());
        assertEquals(Map.of(), settings.thresholds());
        assertEquals(Path.of("/home/app/policy/terms"), settings.folder());
    }

    @Test
    void categoriesCanBeAllowed() {
        PolicySettings settings = read(Map.of("real.persons", "allow", "self.harm", "allow"));
        assertEquals(Set.of(Category.REAL_PERSONS, Category.SELF_HARM), settings.allowed());
    }

    @Test
    void noPropertyAllowsSexualContentWithChildren() {
        PolicySettings settings = read(Map.of("sexual.minors", "allow", "sexual-minors", "allow"));
        assertEquals(Set.of(), settings.allowed());
        String message = refusal(Map.of("thresholds", new String[] {"sexual-minors:1"}));
        assertTrue(message.contains("\"sexual-minors\" is no category that has a threshold"), message);
    }

    @Test
    void listsMayBeInOneLine() {
        PolicySettings settings = read(Map.of(
                "thresholds", new String[] {"sexual:0.8, violence: 0.9"},
                "allow", new String[] {"toys:Acme Rocket, toys:zorblax", "press:Zorblax"}));
        assertEquals(Map.of(Category.SEXUAL, 0.8, Category.VIOLENCE, 0.9), settings.thresholds());
        assertEquals(
                Set.of(List.of("acme", "rocket"), List.of("zorblax")),
                Set.copyOf(settings.allowedTerms(Set.of("toys", "others"))));
        assertEquals(List.of(), settings.allowedTerms(Set.of("others")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sexual:0", "sexual:1.01", "sexual:-1", "sexual:NaN", "sexual:much", "sexual:"})
    void aThresholdThatIsOutOfRangeIsNamed(String entry) {
        String message = refusal(Map.of("thresholds", new String[] {entry}));
        assertTrue(message.startsWith("org.patchreel.policy: thresholds"), message);
        assertTrue(message.contains("expected a number above 0 and at most 1 in \"" + entry + "\""), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rudeness:0.5", "0.5", "brands:0.5"})
    void aCategoryThatHasNoThresholdIsNamed(String entry) {
        String message = refusal(Map.of("thresholds", new String[] {entry}));
        assertTrue(message.contains("is no category that has a threshold"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zorblax", ":zorblax", "toys:", "toys:...", "toys:one two three four five six seven eight nine"})
    void aTermThatIsAllowedToNoGroupIsNamed(String entry) {
        String message = refusal(Map.of("allow", new String[] {entry}));
        assertTrue(message.contains("expected GROUP:TERM") && message.contains("\"" + entry + "\""), message);
    }

    @Test
    void anUnknownSwitchIsNamed() {
        assertEquals(
                "org.patchreel.policy: violence = maybe, expected refuse or allow",
                refusal(Map.of("violence", "maybe")));
    }
}
