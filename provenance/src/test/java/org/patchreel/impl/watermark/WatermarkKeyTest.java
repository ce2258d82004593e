package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class WatermarkKeyTest {
    private static final WatermarkKey KEY = WatermarkKey.derive(new byte[WatermarkKey.SECRET_BYTES]);
    private static final MarkId ID = new MarkId(0x0123456789abcdefL);

    /** Marks that are out in the world must stay readable: these values may never change. */
    @Test
    void makesTheSameMarkForEver() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (int bin : KEY.sync) {
            digest.update((byte) (bin >> 8));
            digest.update((byte) bin);
        }
        for (int bin : KEY.payload) {
            digest.update((byte) (bin >> 8));
            digest.update((byte) bin);
        }
        digest.update(KEY.spread(KEY.message(ID)));
        assertEquals(
                "316a68965ba2d14f76988ee563c5a09c2caa236e02a176fe0a84eecfec19cca9",
                HexFormat.of().formatHex(digest.digest()));
        float[] tile = KEY.tile(ID);
        // single precision, values of about 1
        assertEquals(-0.29678273, tile[0], 1e-4);
        assertEquals(-0.1102461, tile[5000], 1e-4);
        assertEquals(-1.2518722, tile[16383], 1e-4);
    }

    @Test
    void makesATileOfMeanZeroAndDeviationOne() {
        double sum = 0;
        double squares = 0;
        float[] tile = KEY.tile(ID);
        for (float value : tile) {
            sum += value;
            squares += value * value;
        }
        assertEquals(0, sum / tile.length, 1e-4);
        assertEquals(1, squares / tile.length, 1e-4);
    }

    @Test
    void authenticatesOnlyItsOwnMessages() {
        boolean[] message = KEY.message(ID);
        assertTrue(KEY.authenticates(message));
        assertEquals(ID, WatermarkKey.id(message));
        for (int i = 0; i < message.length; i++) {
            message[i] = !message[i];
            assertFalse(KEY.authenticates(message), "bit " + i);
            message[i] = !message[i];
        }
        byte[] other = new byte[WatermarkKey.SECRET_BYTES];
        other[31] = 1;
        assertFalse(WatermarkKey.derive(other).authenticates(message));
    }

    @Test
    void refusesAShortSecret() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> WatermarkKey.derive(new byte[31]));
        assertTrue(e.toString().contains("31"), e.toString());
    }

    @Test
    void writesAnIdAsEightBytesAndSixteenDigits() {
        assertEquals("0123456789abcdef", ID.toString());
        assertEquals(ID.toString(), HexFormat.of().formatHex(ID.bytes()));
        assertNotEquals(MarkId.random(), MarkId.random());
    }
}
