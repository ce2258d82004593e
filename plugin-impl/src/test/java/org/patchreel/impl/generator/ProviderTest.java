package org.patchreel.impl.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.patchreel.api.AssetMetadata;
import org.patchreel.spi.ConfigurationException;
import org.patchreel.spi.ConfigurationValues;

class ProviderTest {

    private static Optional<AssetMetadata.Provider> read(String name, String detector) {
        return SignedProvenance.provider(
                new ConfigurationValues(SignedProvenance.PID, Map.of("provider", name, "detector.url", detector)),
                name,
                detector);
    }

    @Test
    void nobodyIsNamedUnlessSomebodyIsConfigured() {
        assertEquals(Optional.empty(), read("", ""));
        assertEquals(Optional.of(new AssetMetadata.Provider("Studio", Optional.empty())), read("Studio", ""));
        assertEquals(
                Optional.of(new AssetMetadata.Provider("Studio", Optional.of("https://studio.example/d"))),
                read("Studio", "https://studio.example/d"));
    }

    @Test
    void whatIsWrongIsNamedWithItsValue() {
        for (String[] wrong : new String[][] {
            {"", "https://studio.example/d", "detector.url", "https://studio.example/d"},
            {"Studio", "studio.example", "detector.url", "studio.example"},
            {"a\nb", "", "provider", "a"}
        }) {
            String message = String.valueOf(assertThrows(ConfigurationException.class, () -> read(wrong[0], wrong[1]))
                    .getMessage());
            assertTrue(message.contains(wrong[2]) && message.contains(wrong[3]), message);
        }
    }
}
