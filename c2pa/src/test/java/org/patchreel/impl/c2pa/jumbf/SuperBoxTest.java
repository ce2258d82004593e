package org.patchreel.impl.c2pa.jumbf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SuperBoxTest {
    private static final String CBOR_BOX = "0000002d" + "6a756d62" // jumb
            + "0000001b" + "6a756d64" + "63626f72" + "00110010800000aa00389b71" + "03" + "6100" // jumd, label a
            + "0000000a" + "63626f72" + "a000"; // cbor

    @Test
    void writesTheBytesOfTheStandard() {
        SuperBox box = SuperBox.ofCbor("cbor", "a", new byte[] {(byte) 0xa0, 0});
        assertEquals(CBOR_BOX, HexFormat.of().formatHex(box.bytes()));
        String store = "00000053" + "6a756d62" // jumb
                + "0000001e" + "6a756d64" + "63327061" + "00110010800000aa00389b71" + "03" + "6332706100" // jumd, c2pa
                + CBOR_BOX;
        assertEquals(
                store,
                HexFormat.of()
                        .formatHex(SuperBox.of("c2pa", "c2pa", box.bytes()).bytes()));
    }

    @Test
    void writesFilesWithTheirMediaType() {
        byte[] box = SuperBox.ofFile("t", "image/jpeg", new byte[] {1, 2}).bytes();
        assertEquals(
                "6a756d6440cb0c32bb8a489da70b2ad6f47f4369037400"
                        + "00000014" + "62666462" + "00" + HexFormat.of().formatHex("image/jpeg\0".getBytes(UTF_8))
                        + "0000000a" + "62696462" + "0102",
                HexFormat.of().formatHex(box).substring(24));
    }

    @Test
    void hashesAllButTheHeader() throws GeneralSecurityException {
        SuperBox box = SuperBox.ofCbor("cbor", "a", new byte[] {(byte) 0xa0});
        byte[] content = Arrays.copyOfRange(box.bytes(), 8, box.bytes().length);
        assertArrayEquals(MessageDigest.getInstance("SHA-256").digest(content), box.hash());
    }

    @Test
    void isReadBack() throws JumbfException {
        SuperBox inner = SuperBox.ofCbor("cbor", "inner", new byte[] {(byte) 0xa0});
        JumbfBox.Super read = JumbfReader.read(
                ByteBuffer.wrap(SuperBox.of("c2ma", "urn:c2pa:x", inner.bytes()).bytes()));
        assertEquals(ContentType.MANIFEST, read.type());
        assertEquals("urn:c2pa:x", read.label());
        assertEquals("inner", read.superBoxes().get(0).label());
        assertArrayEquals(inner.hash(), SuperBox.hash(read.superBoxes().get(0).payload()));
    }
}
