package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {
    /** RFC 5869, A.3: no salt, no info. */
    @Test
    void derivesWhatTheStandardsTestCaseSays() {
        byte[] secret = new byte[22];
        Arrays.fill(secret, (byte) 0x0b);
        assertEquals(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d",
                HexFormat.of().formatHex(Hkdf.derive(secret, "")));
    }
}
