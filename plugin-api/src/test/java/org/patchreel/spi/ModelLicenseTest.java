package org.patchreel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLicenseTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Apache-2.0",
                "apache-2.0",
                "Apache License",
                "Apache License, Version 2.0, January 2004",
                "The MIT License (MIT)",
                "CC-BY-4.0"
            })
    void licencesThatAllowEveryUseNeedNobody(String name) {
        assertTrue(ModelLicense.of(name).isUnlimited());
        assertEquals(Optional.empty(), ModelLicense.of(name).refusal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other",
                "TENCENT HUNYUAN COMMUNITY LICENSE AGREEMENT",
                "cc-by-nc-4.0",
                "Apache License, Version 2.0, with use restrictions",
                "openrail++",
                "no MIT license"
            })
    void anyOtherNeedsSomebodyWhoStandsForIt(String name) {
        assertFalse(ModelLicense.of(name).isUnlimited());
        assertEquals(
                Optional.of("licence not acknowledged: " + name + "; set license.acknowledged.by"),
                ModelLicense.of(name).refusal());
        ModelLicense acknowledged = new ModelLicense(Optional.of(name), List.of(), Optional.of("Jane Doe"));
        assertEquals(Optional.empty(), acknowledged.refusal());
        assertEquals(name + ", acknowledged by Jane Doe", acknowledged.line());
    }

    @Test
    void aLicenceThatNothingTellsNeedsSomebody() {
        assertEquals(
                Optional.of("licence not acknowledged: unknown; set license.acknowledged.by"),
                ModelLicense.UNKNOWN.refusal());
    }

    @Test
    void territoriesThatAreExcludedLimitAnyLicence() {
        ModelLicense limited = new ModelLicense(Optional.of("MIT"), List.of("EU", "GB"), Optional.empty());
        assertEquals(
                Optional.of("licence not acknowledged: MIT, not in EU, GB; set license.acknowledged.by"),
                limited.refusal());
    }
}
