package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NalUnitsTest {
    private static final List<ByteBuffer> SETS =
            List.of(ByteBuffer.wrap(bytes("6764001f")), ByteBuffer.wrap(bytes("68ee3c80")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000001 6764001f 00000001 68ee3c80",
                "000001 6764001f 000001 68ee3c80",
                "00000001 0605aabb80 00000001 6764001f 000001 68ee3c80 00000001 0605aabb80"
            })
    void parameterSetsAreFoundBetweenStartCodes(String stream) {
        assertEquals(SETS, NalUnits.parameterSets(bytes(stream)));
    }

    @Test
    void parameterSetsAreReadFromAConfiguration() throws IOException {
        String configuration = "0164001fff e1 0004 6764001f 01 0004 68ee3c80 fdf8f800";
        assertEquals(SETS, NalUnits.configured(bytes(configuration)));
    }

    @Test
    void aConfigurationThatIsCutOffIsRefused() throws IOException {
        byte[] whole = bytes("0164001fff e1 0004 6764001f 01 0004 68ee3c80");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> NalUnits.configured(cut), length + " bytes");
        }
        byte[] shortLengths = bytes("0164001ffd e1 0004 6764001f 01 0004 68ee3c80");
        assertThrows(IOException.class, () -> NalUnits.configured(shortLengths), "lengths of two bytes");
    }

    @Test
    void lengthsBecomeStartCodes() throws IOException {
        byte[] first = bytes("00000004 0605aa80 00000003 65aabb 00000002 6501");
        assertTrue(NalUnits.startCodes(first));
        assertArrayEquals(bytes("00000001 0605aa80 00000001 65aabb 00000001 6501"), first);
        byte[] second = bytes("00000003 41aabb");
        assertFalse(NalUnits.startCodes(second));
        assertArrayEquals(bytes("00000001 41aabb"), second);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00000004 41aabb | a unit of 4 bytes in 7",
                "00000000 41aabb | a unit of 0 bytes in 7",
                "ffffffff 41aabb | a unit of -1 bytes in 7",
                "00000002 41aa 0000 | a unit of 0 bytes in 2",
                "00000004 6764001f 00000002 65aa | a unit of type 7 in a frame",
                "00000003 65aabb 00000003 41aabb | two kinds of slices in a frame",
                "00000003 0605aa | a frame without a slice",
                "00000007 41aa00000165aa | a start code within a unit",
                "00000006 41aa000000aa | a start code within a unit",
                "00000003 41aa00 | a start code within a unit"
            })
    void whatIsNoFrameIsRefused(String frame, String reason) {
        IOException refused = assertThrows(IOException.class, () -> NalUnits.startCodes(bytes(frame)));
        assertEquals(reason, refused.getMessage());
    }

    @Test
    void aFrameWithoutBytesIsRefused() {
        assertThrows(IOException.class, () -> NalUnits.startCodes(new byte[0]));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
