package org.patchreel.impl.c2pa.cose;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.cbor.CborValue;
import org.patchreel.impl.c2pa.cbor.CborValue.Array;
import org.patchreel.impl.c2pa.cbor.CborValue.Bytes;
import org.patchreel.impl.c2pa.cbor.CborValue.Dictionary;
import org.patchreel.impl.c2pa.cbor.CborValue.Int;
import org.patchreel.impl.c2pa.cbor.CborValue.Tagged;
import org.patchreel.impl.c2pa.cbor.CborValue.Text;

/** A COSE_Sign1 structure whose payload is elsewhere (RFC 9052, 4.2). */
final class CoseSign1 {
    private static final long TAG = 18;
    private static final CborValue ALGORITHM = new Int(1);
    private static final CborValue X5CHAIN = new Int(33);
    private static final CborValue X5CHAIN_NAME = new Text("x5chain");

    /** No chain to a trust list is longer; each certificate costs the check of a signature. */
    private static final int MAX_CERTIFICATES = 16;

    private static final int MAX_CERTIFICATE = 1 << 16;

    /** The protected header as it is signed. */
    private final byte[] protectedBytes;

    private final Dictionary protectedHeader;
    private final Dictionary unprotectedHeader;
    private final byte[] signature;

    private CoseSign1(
            byte[] protectedBytes, Dictionary protectedHeader, Dictionary unprotectedHeader, byte[] signature) {
        this.protectedBytes = protectedBytes;
        this.protectedHeader = protectedHeader;
        this.unprotectedHeader = unprotectedHeader;
        this.signature = signature;
    }

    /**
     * Decodes one.
     *
     * @throws CoseException if it is not one
     */
    static CoseSign1 read(ByteBuffer bytes) throws CoseException {
        try {
            if (CborReader.read(bytes) instanceof Tagged tagged
                    && tagged.tag() == TAG
                    && tagged.item() instanceof Array array
                    && array.items().size() == 4
                    && array.items().get(0) instanceof Bytes protectedBytes
                    && array.items().get(1) instanceof Dictionary unprotectedHeader
                    && (array.items().get(2) instanceof CborValue.Null
                            || array.items().get(2) instanceof Bytes)
                    && array.items().get(3) instanceof Bytes signature) {
                Dictionary protectedHeader = protectedBytes.value().hasRemaining()
                        ? CborReader.readMap(protectedBytes.value())
                        : new Dictionary(Map.of());
                return new CoseSign1(protectedBytes.toArray(), protectedHeader, unprotectedHeader, signature.toArray());
            }
        } catch (CborException e) {
            throw new CoseException(e.reason());
        }
        throw new CoseException("not a COSE_Sign1 structure");
    }

    /** {@return what is not signed} */
    Dictionary unprotectedHeader() {
        return unprotectedHeader;
    }

    /** {@return whether the signature is one of a payload by a key} */
    boolean verifies(CoseAlgorithm algorithm, PublicKey key, ByteBuffer payload) {
        return algorithm.verifies(key, structure("Signature1", payload), signature);
    }

    /** {@return the algorithm, if it is one of C2PA's} */
    Optional<CoseAlgorithm> algorithm() {
        return protectedHeader
                .get(ALGORITHM)
                .filter(Int.class::isInstance)
                .flatMap(value -> CoseAlgorithm.of(((Int) value).value()));
    }

    /**
     * The certificates, the signer's first. They belong into the protected header; older signers put them into the other.
     *
     * @throws CoseException if there are none, or too many, or some in both headers
     */
    List<byte[]> certificates() throws CoseException {
        Optional<CborValue> signed = protectedHeader.get(X5CHAIN).or(() -> protectedHeader.get(X5CHAIN_NAME));
        Optional<CborValue> unsigned = unprotectedHeader.get(X5CHAIN_NAME);
        if (signed.isPresent() && unsigned.isPresent()) {
            throw new CoseException("certificates in both headers");
        }
        List<byte[]> certificates = new ArrayList<>();
        CborValue value = signed.or(() -> unsigned).orElseThrow(() -> new CoseException("no certificates"));
        for (CborValue item : value instanceof Array array ? array.items() : List.of(value)) {
            if (item instanceof Bytes bytes) {
                certificates.add(bytes.toArray());
            }
            if (certificates.size() > MAX_CERTIFICATES) {
                throw new CoseException("more than " + MAX_CERTIFICATES + " certificates");
            }
            if (certificates.stream().anyMatch(certificate -> certificate.length > MAX_CERTIFICATE)) {
                throw new CoseException("a certificate of more than " + MAX_CERTIFICATE + " bytes");
            }
        }
        if (certificates.isEmpty()) {
            throw new CoseException("no certificates");
        }
        return certificates;
    }

    /** {@return what a timestamp is of, for a payload (C2PA 2.2, 10.3.2.5)} */
    byte[] timestampedBytes(ByteBuffer payload) {
        return structure("CounterSignature", payload);
    }

    /** {@return a byte string of CBOR that holds the signature} */
    byte[] encodedSignature() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byteString(out, signature);
        return out.toByteArray();
    }

    private byte[] structure(String context, ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + protectedBytes.length + 64);
        out.write(0x84);
        out.write(0x60 | context.length());
        out.writeBytes(context.getBytes(StandardCharsets.US_ASCII));
        byteString(out, protectedBytes);
        byteString(out, new byte[0]);
        byteString(out, bytes);
        return out.toByteArray();
    }

    private static void byteString(ByteArrayOutputStream out, byte[] bytes) {
        int length = bytes.length;
        if (length < 24) {
            out.write(0x40 | length);
        } else if (length < 1 << 8) {
            out.write(0x58);
            out.write(length);
        } else if (length < 1 << 16) {
            out.write(0x59);
            out.write(length >>> 8);
            out.write(length);
        } else {
            out.write(0x5A);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        }
        out.writeBytes(bytes);
    }
}
