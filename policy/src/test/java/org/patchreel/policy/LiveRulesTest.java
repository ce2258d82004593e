package org.patchreel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.spi.ComponentStatus.Problem;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.HomeFolder;
import org.patchreel.spi.Settings;

class LiveRulesTest {

    @TempDir
    Path home;

    private Path terms;
    private Settings<PolicySettings> settings;
    private LiveRules rules;
    private long nanos;

    @BeforeEach
    void configure() throws Exception {
        terms = Files.createDirectories(home.resolve("policy/terms"));
        settings = new Settings<>(TextPolicy.PID, Map.of(), values -> read(Map.of()));
        rules = new LiveRules(settings, () -> nanos);
    }

    private PolicySettings read(Map<String, Object> properties) {
        return PolicySettings.read(
                new ConfigurationValues(TextPolicy.PID, properties),
                new HomeFolder(Optional.of(home)),
                new Configured(properties));
    }

    private void configure(Map<String, Object> properties) {
        settings.update(TextPolicy.PID, properties, values -> read(properties));
    }

    private Optional<String> rule(String text) {
        return rules.now().judge(List.of(text), Set.of()).finding().map(Finding::rule);
    }

    private void aSecondPasses() {
        nanos += 1_000_000_000;
    }

    private String problem() {
        return rules.problem().map(Problem::line).orElse("");
    }

    @Test
    void aNewListIsReadASecondLater() throws Exception {
        assertEquals(Optional.empty(), rule("a zorblax"));
        Files.writeString(terms.resolve("brands-ours.txt"), "Zorblax\n");
        assertEquals(Optional.empty(), rule("a zorblax"));
        aSecondPasses();
        assertEquals(Optional.of("terms-brands-ours"), rule("a zorblax"));
        Files.writeString(terms.resolve("brands-ours.txt"), "Acme Rocket\n");
        aSecondPasses();
        assertEquals(Optional.empty(), rule("a zorblax"));
        Files.delete(terms.resolve("brands-ours.txt"));
        aSecondPasses();
        assertEquals(Optional.empty(), rule("an acme rocket"));
    }

    @Test
    void aChangedConfigurationAppliesAtOnce() {
        assertEquals(Optional.of("terms-brands"), rule("Mickey Mouse"));
        configure(Map.of("brands", "allow"));
        assertEquals(Optional.empty(), rule("Mickey Mouse"));
    }

    @Test
    void aConfigurationThatCannotBeUsedLeavesTheOneBeforeIt() {
        configure(Map.of("brands", "allow"));
        assertEquals(Optional.empty(), rule("Mickey Mouse"));
        configure(Map.of("brands", "perhaps"));
        assertEquals(Optional.empty(), rule("Mickey Mouse"));
        assertTrue(problem().contains("brands"), problem());
    }

    @Test
    void withoutAnyUsableConfigurationNothingIsJudged() {
        Settings<PolicySettings> wrong = new Settings<>(
                TextPolicy.PID, Map.of("brands", "perhaps"), values -> read(Map.of("brands", "perhaps")));
        LiveRules none = new LiveRules(wrong, () -> nanos);
        assertThrows(ConfigurationException.class, none::now);
    }

    @Test
    void aListThatCannotBeReadLeavesThoseBeforeIt() throws Exception {
        Files.writeString(terms.resolve("hate.txt"), "zorblax\n");
        assertEquals(Optional.of("terms-hate"), rule("a zorblax"));
        Files.write(terms.resolve("brands.txt"), "Ä".getBytes(StandardCharsets.ISO_8859_1));
        aSecondPasses();
        assertEquals(Optional.of("terms-hate"), rule("a zorblax"));
        assertTrue(problem().contains("brands.txt is not UTF-8; the lists before it stay in use"), problem());
        Files.delete(terms.resolve("brands.txt"));
        aSecondPasses();
        assertEquals("", problem());
    }

    @Test
    void aListThatCannotBeReadAtTheStartRefusesEverything() throws Exception {
        Files.writeString(terms.resolve("rudeness.txt"), "zorblax\n");
        UncheckedIOException e = assertThrows(UncheckedIOException.class, rules::now);
        assertTrue(String.valueOf(e.getMessage()).contains("rudeness.txt is for no category"), e.getMessage());
        assertTrue(problem().contains("all requests are refused"), problem());
        assertFalse(rules.problem().orElseThrow().usable());
        Files.delete(terms.resolve("rudeness.txt"));
        aSecondPasses();
        assertEquals(Optional.empty(), rule("a zorblax"));
    }

    @Test
    void aListOfALongerNamesCategoryIsNotOneOfTheShorter() throws Exception {
        Files.writeString(terms.resolve("sexual-minors.txt"), "zorblax\n");
        Files.writeString(terms.resolve("sexual-ours.txt"), "acme\n");
        assertEquals(Optional.of("terms-sexual-minors"), rule("a zorblax"));
        configure(Map.of("sexual", "allow"));
        assertEquals(Optional.of("terms-sexual-minors"), rule("a zorblax"));
        assertEquals(Optional.empty(), rule("acme"));
    }

    @Test
    void aFolderWithTooManyListsIsNamed() throws Exception {
        for (int i = 0; i <= TermFolder.MAX_FILES; i++) {
            Files.writeString(terms.resolve("hate-" + i + ".txt"), "zorblax\n");
        }
        UncheckedIOException e = assertThrows(UncheckedIOException.class, rules::now);
        assertTrue(String.valueOf(e.getMessage()).endsWith("has more than 200 term lists"), e.getMessage());
    }

    @Test
    void aMissingFolderIsAnEmptyOne() throws Exception {
        Files.delete(terms);
        assertEquals(Optional.empty(), rule("a zorblax"));
    }
}
