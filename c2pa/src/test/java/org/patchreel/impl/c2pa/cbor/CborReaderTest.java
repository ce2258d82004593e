package org.patchreel.impl.c2pa.cbor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.impl.c2pa.cbor.CborValue.Array;
import org.patchreel.impl.c2pa.cbor.CborValue.BigInt;
import org.patchreel.impl.c2pa.cbor.CborValue.Bool;
import org.patchreel.impl.c2pa.cbor.CborValue.Bytes;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Int;
import org.patchreel.impl.c2pa.cbor.CborValue.Null;
import org.patchreel.impl.c2pa.cbor.CborValue.Real;
import org.patchreel.impl.c2pa.cbor.CborValue.Simple;
import org.patchreel.impl.c2pa.cbor.CborValue.Tagged;
import org.patchreel.impl.c2pa.cbor.CborValue.Text;

/** The examples are those of RFC 8949, appendix A. */
class CborReaderTest {
    private static CborValue read(String hex) throws CborException {
        return CborReader.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static String failure(String hex) {
        return assertThrows(CborException.class, () -> read(hex)).reason();
    }

    @ParameterizedTest
    @CsvSource({
        "00,0",
        "17,23",
        "1818,24",
        "1903e8,1000",
        "1a000f4240,1000000",
        "1b000000e8d4a51000,1000000000000",
        "20,-1",
        "29,-10",
        "3903e7,-1000",
    })
    void readsWholeNumbers(String hex, long value) throws CborException {
        assertEquals(new Int(value), read(hex));
    }

    @Test
    void keepsWholeNumbersOfMoreThan63BitsApart() throws CborException {
        assertEquals(new BigInt(false, -1), read("1bffffffffffffffff"));
        assertEquals(new BigInt(true, -1), read("3bffffffffffffffff"));
    }

    @ParameterizedTest
    @CsvSource({
        "f90000,0.0",
        "f93c00,1.0",
        "f93e00,1.5",
        "f97bff,65504.0",
        "f90001,5.960464477539063e-8",
        "f90400,0.00006103515625",
        "f9c400,-4.0",
        "fa47c35000,100000.0",
        "fb3ff199999999999a,1.1",
        "f97c00,Infinity",
        "f97e00,NaN",
    })
    void readsNumbersWithAFraction(String hex, double value) throws CborException {
        assertEquals(new Real(value), read(hex));
    }

    @Test
    void readsSimpleValuesAndTags() throws CborException {
        assertEquals(new Bool(false), read("f4"));
        assertEquals(new Bool(true), read("f5"));
        assertEquals(new Null(), read("f6"));
        assertEquals(new Null(), read("f7"));
        assertEquals(new Simple(16), read("f0"));
        assertEquals(new Simple(255), read("f8ff"));
        assertEquals(
                new Tagged(0, new Text("2013-03-21T20:04:00Z")), read("c074323031332d30332d32315432303a30343a30305a"));
    }

    @Test
    void readsStringsOfKnownAndUnknownLength() throws CborException {
        assertEquals(new Bytes(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})), read("4401020304"));
        assertEquals(new Text("\u00fc"), read("62c3bc"));
        assertEquals(new Text("streaming"), read("7f657374726561646d696e67ff"));
        assertEquals(new Bytes(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5})), read("5f42010243030405ff"));
    }

    @Test
    void readsArraysAndMapsOfKnownAndUnknownLength() throws CborException {
        Array nested = new Array(List.of(new Int(1), new Array(List.of(new Int(2), new Int(3)))));
        assertEquals(nested, read("8201820203"));
        assertEquals(nested, read("9f01820203ff"));
        Dictionary map = new Dictionary(Map.of(new Text("a"), new Int(1), new Int(2), new Bool(true)));
        assertEquals(map, read("a2616101" + "02f5"));
        assertEquals(map, read("bf616101" + "02f5ff"));
        assertEquals(Optional.of(1L), map.number("a"));
        assertEquals(Optional.empty(), map.text("a"));
        assertEquals(Optional.of(new Bool(true)), map.get(new Int(2)));
    }

    @Test
    void looksUpNothingUnderAKeyWhoseValueIsNull() throws CborException {
        Dictionary map = (Dictionary) read("a16161f6");
        assertEquals(Optional.empty(), map.get("a"));
        assertTrue(map.has("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "18",
                "1900",
                "61",
                "62c3",
                "8201",
                "a161",
                "1c",
                "3d",
                "5c",
                "7e",
                "9e",
                "be",
                "dc",
                "fc",
                "fd",
                "fe",
                "ff",
                "f818",
                "5f",
                "5f01ff",
                "5f5f4101ffff",
                "7f4101ff",
                "9f01",
                "bf6161ff",
                "1f",
                "df00",
            })
    void refusesWhatIsNotWellFormed(String hex) {
        failure(hex);
    }

    @Test
    void refusesWhatFollows() {
        assertEquals("at byte 1: something follows the item", failure("0000"));
    }

    @Test
    void refusesAKeyThatComesTwice() {
        assertEquals("at byte 7: key a comes twice", failure("a2616101616102"));
        failure("a201010102");
    }

    @Test
    void refusesKeysThatAreNeitherTextNorWholeNumbers() {
        failure("a1410101");
        failure("a1f501");
        failure("a18001");
        failure("a1fb3ff199999999999a01");
    }

    @Test
    void refusesTextThatIsNotUtf8() {
        failure("62c328");
        failure("61ff");
        failure("63eda080"); // a surrogate
    }

    @Test
    void refusesNestingThatIsTooDeep() throws CborException {
        read("81".repeat(64) + "00");
        assertTrue(failure("81".repeat(65) + "00").contains("deep"));
        assertTrue(failure("c1".repeat(100_000) + "00").contains("deep"));
    }

    @Test
    void refusesLengthsThatTheInputCannotHold() {
        assertTrue(failure("9b7fffffffffffffff").contains("items"));
        assertTrue(failure("bbffffffffffffffff").contains("items"));
        assertTrue(failure("5affffffff00").contains("a string"));
    }

    @Test
    void refusesMoreItemsThanFitIntoMemory() {
        byte[] zeros = new byte[5 + (2 << 20)];
        ByteBuffer.wrap(zeros).put((byte) 0x9a).putInt(2 << 20);
        assertThrows(CborException.class, () -> CborReader.read(ByteBuffer.wrap(zeros)));
    }

    @Test
    void allowsPaddingWhereItIsAskedFor() throws CborException {
        byte[] padded = Arrays.copyOf(HexFormat.of().parseHex("a1616101"), 20);
        assertEquals(
                Optional.of(1L),
                CborReader.readPaddedMap(ByteBuffer.wrap(padded)).number("a"));
        assertThrows(CborException.class, () -> CborReader.readMap(ByteBuffer.wrap(padded)));
    }
}
