package org.patchreel.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssetIdTest {

    /** The example of the ULID specification: 1469918176385 ms is 01ARYZ6S41. */
    @Test
    void writesTheTimeInTheFirstTenCharacters() {
        assertEquals("01ARYZ6S410000000000000000", AssetId.ulid(1469918176385L, BigInteger.ZERO));
        assertEquals(
                "01ARYZ6S41ZZZZZZZZZZZZZZZZ",
                AssetId.ulid(1469918176385L, BigInteger.ONE.shiftLeft(80).subtract(BigInteger.ONE)));
    }

    @Test
    void acceptsLettersAndDigitsAlone() {
        assertTrue(AssetId.isValid("01ARYZ6S410000000000000000"));
        assertTrue(AssetId.isValid("a".repeat(64)));
        for (String wrong : List.of("", "a".repeat(65), "../x", "a b", "a\n", "ä", "٣")) {
            assertFalse(AssetId.isValid(wrong), wrong);
        }
        assertEquals(
                "an asset's ID is 1 to 64 letters and digits: ../x",
                assertThrows(IllegalArgumentException.class, () -> AssetId.check("../x"))
                        .getMessage());
    }
}
