package org.patchreel.impl.c2pa.cose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

class CoseSign1WriterTest {
    private static final List<X509Certificate> CHAIN =
            new TestCertificates().issue("P-256").chain().subList(0, 2);

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static CoseSign1Writer writer(int reserve) throws CertificateEncodingException {
        return new CoseSign1Writer(SignatureAlgorithm.ES256, CHAIN, reserve);
    }

    /** {1: -7, 33: [leaf, intermediate]}. */
    private static String protectedHeader() throws CertificateEncodingException {
        StringBuilder header = new StringBuilder("a2" + "0126" + "1821" + "82");
        for (X509Certificate certificate : CHAIN) {
            header.append(String.format("59%04x", certificate.getEncoded().length));
            header.append(hex(certificate.getEncoded()));
        }
        return header.toString();
    }

    private static String byteString(String hex) {
        return String.format("59%04x", hex.length() / 2) + hex;
    }

    @Test
    void theSizeWithAnOcspResponseIsConstantToo() throws Exception {
        byte[] response = new byte[1234];
        CoseSign1Writer writer = new CoseSign1Writer(SignatureAlgorithm.ES256, CHAIN, 500, Optional.of(response));
        assertEquals(writer.size(), writer.placeholder().length);
        byte[] written = writer.write(new byte[64], Optional.of(new byte[123]));
        assertEquals(writer.size(), written.length);
        assertEquals(
                1234,
                CoseSign1.read(ByteBuffer.wrap(written))
                        .unprotectedHeader()
                        .dictionary("rVals")
                        .orElseThrow()
                        .array("ocspVals")
                        .orElseThrow()
                        .stream()
                        .mapToInt(each -> ((CborValue.Bytes) each).toArray().length)
                        .sum());
    }

    @Test
    void writesTheStructureOfTheStandard() throws CertificateEncodingException {
        byte[] signature = new byte[64];
        signature[0] = 1;
        String expected = "d284" + byteString(protectedHeader()) + "a1" + "63706164" + byteString("00".repeat(256))
                + "f6" + "5840" + hex(signature);
        assertEquals(expected, hex(writer(0).write(signature, Optional.empty())));
    }

    @Test
    void signsTheClaimAndTimestampsTheSignature() throws CertificateEncodingException {
        assertEquals(
                "846a5369676e617475726531" + byteString(protectedHeader()) + "40" + "43010203",
                hex(writer(0).toBeSigned(new byte[] {1, 2, 3})));
        assertEquals(
                "8470436f756e7465725369676e6174757265" + byteString(protectedHeader()) + "40" + "5842" + "5840"
                        + "00".repeat(64),
                hex(writer(0).toBeTimestamped(new byte[64])));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 22, 23, 24, 25, 255, 256, 257, 4000, 9999, 10_000})
    void hasOneSizeWithEveryTimestampAndWithNone(int token) throws CertificateEncodingException {
        CoseSign1Writer writer = writer(10_000);
        assertEquals(writer.size(), writer.placeholder().length);
        byte[] timestamped = writer.write(new byte[64], Optional.of(new byte[token]));
        assertEquals(writer.size(), timestamped.length);
        String start = "d284" + byteString(protectedHeader()) + "a2" + "63706164";
        assertTrue(hex(timestamped).startsWith(start));
        assertTrue(hex(timestamped)
                .contains("67736967547374" + "32" + "a1" + "69747374546f6b656e73" + "81" + "a1" + "6376616c"));
    }

    @Test
    void writesASingleCertificateWithoutArray() throws CertificateEncodingException {
        CoseSign1Writer writer = new CoseSign1Writer(SignatureAlgorithm.ES256, CHAIN.subList(0, 1), 0);
        String header = "a2" + "0126" + "1821" + byteString(hex(CHAIN.get(0).getEncoded()));
        assertTrue(hex(writer.placeholder()).startsWith("d284" + byteString(header)));
    }

    @Test
    void refusesWhatDoesNotFit() throws CertificateEncodingException {
        CoseSign1Writer writer = writer(100);
        assertThrows(IllegalArgumentException.class, () -> writer.write(new byte[63], Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> writer.write(new byte[64], Optional.of(new byte[101])));
        assertThrows(IllegalArgumentException.class, () -> writer(70_000));
    }
}
