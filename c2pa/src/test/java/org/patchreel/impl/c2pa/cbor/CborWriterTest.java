package org.patchreel.impl.c2pa.cbor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CborWriterTest {
    private static String hex(@Nullable Object value) {
        return HexFormat.of().formatHex(CborWriter.write(value));
    }

    /** Vectors of RFC 8949, appendix A. */
    @Test
    void writesTheExamplesOfTheStandard() {
        assertEquals("00", hex(0));
        assertEquals("17", hex(23));
        assertEquals("1818", hex(24));
        assertEquals("1903e8", hex(1000));
        assertEquals("1a000f4240", hex(1_000_000));
        assertEquals("1b000000e8d4a51000", hex(1_000_000_000_000L));
        assertEquals("1903e8", hex(1000L));
        assertEquals("20", hex(-1));
        assertEquals("3863", hex(-100));
        assertEquals("f4", hex(false));
        assertEquals("f5", hex(true));
        assertEquals("f6", hex(null));
        assertEquals("40", hex(new byte[0]));
        assertEquals("4401020304", hex(new byte[] {1, 2, 3, 4}));
        assertEquals("60", hex(""));
        assertEquals("6449455446", hex("IETF"));
        assertEquals("62c3bc", hex("\u00fc"));
        assertEquals("63e6b0b4", hex("\u6c34"));
        assertEquals("80", hex(List.of()));
        assertEquals("8301820203820405", hex(List.of(1, List.of(2, 3), List.of(4, 5))));
        assertEquals("a0", hex(Map.of()));
        assertEquals("a201020304", hex(Map.of(1, 2, 3, 4)));
        assertEquals("a26161016162820203", hex(Map.of("a", 1, "b", List.of(2, 3))));
        assertEquals(
                "c074323031332d30332d32315432303a30343a30305a", hex(new CborWriter.Tagged(0, "2013-03-21T20:04:00Z")));
    }

    /** RFC 8949, 4.2.1: by the bytes of the encoded keys, so that shorter ones come first. */
    @Test
    void sortsTheKeysOfMaps() {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (Object key : Arrays.asList("aa", "z", 100, 10, -1)) {
            map.put(key, 0);
        }
        assertEquals("a5" + "0a00" + "186400" + "2000" + "617a00" + "62616100", hex(map));
    }

    /** Jackson would write a text of this length in chunks of indefinite number. */
    @Test
    void writesLongTextsInOnePiece() {
        assertEquals("791388" + "78".repeat(5000), hex("x".repeat(5000)));
        assertEquals("591388" + "00".repeat(5000), hex(new byte[5000]));
        assertEquals("781e" + "c3bc".repeat(15), hex("\u00fc".repeat(15)));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> CborWriter.write(1.5));
        assertThrows(IllegalArgumentException.class, () -> CborWriter.write(Map.of(1L, 2)));
    }
}
