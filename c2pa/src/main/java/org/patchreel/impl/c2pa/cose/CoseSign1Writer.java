package org.patchreel.impl.c2pa.cose;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.impl.c2pa.cbor.CborWriter;
import org.patchreel.spi.ClaimSigner.SignatureAlgorithm;

/**
 * The COSE_Sign1 structure of a claim signature (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_digital_signatures">C2PA
 * 2.2, 13.2</a>, <a href="https://www.rfc-editor.org/rfc/rfc9052#section-4.2">RFC 9052, 4.2</a>): algorithm and
 * certificates in the protected header, the timestamp and an OCSP response in the unprotected one, the payload detached.
 * Its size is known before anything is signed; what the timestamp does not take is filled up.
 */
public final class CoseSign1Writer {
    private static final int COSE_SIGN1 = 18;
    private static final int ALGORITHM = 1;
    private static final int X5CHAIN = 33;

    /** A byte string of this length and up to 65535 has a head of 3 bytes, so that every size can be reached. */
    private static final int MIN_PAD = 256;

    private static final int MAX_PAD = 65535;

    private final byte[] protectedHeader;
    private final Optional<byte[]> revocation;
    private final int signatureLength;
    private final int size;

    /**
     * Fixes the size.
     *
     * @param algorithm of the signature
     * @param certificateChain the signing certificate first, the root left out
     * @param timestampReserve the largest timestamp token that will be put in, in bytes, at most 60000; 0 for none
     * @throws CertificateEncodingException if a certificate cannot be encoded
     */
    public CoseSign1Writer(SignatureAlgorithm algorithm, List<X509Certificate> certificateChain, int timestampReserve)
            throws CertificateEncodingException {
        this(algorithm, certificateChain, timestampReserve, Optional.empty());
    }

    /**
     * Fixes the size, of a structure with an OCSP response (C2PA 2.2, 14.6).
     *
     * @param algorithm see above
     * @param certificateChain see above
     * @param timestampReserve see above
     * @param revocation DER of an OCSP response that says that the signing certificate is not revoked
     * @throws CertificateEncodingException see above
     */
    public CoseSign1Writer(
            SignatureAlgorithm algorithm,
            List<X509Certificate> certificateChain,
            int timestampReserve,
            Optional<byte[]> revocation)
            throws CertificateEncodingException {
        if (timestampReserve < 0 || timestampReserve > MAX_PAD - 5 * MIN_PAD) {
            throw new IllegalArgumentException("timestampReserve: " + timestampReserve);
        }
        List<byte[]> chain = new ArrayList<>();
        for (X509Certificate certificate : certificateChain) {
            chain.add(certificate.getEncoded());
        }
        // one certificate is a byte string, several are an array (RFC 9360, 2)
        Object x5chain = chain.size() == 1 ? chain.get(0) : chain;
        this.revocation = revocation;
        protectedHeader = CborWriter.write(Map.of(ALGORITHM, algorithm.coseIdentifier(), X5CHAIN, x5chain));
        signatureLength = signatureLength(algorithm, certificateChain.get(0));
        byte[] noToken = new byte[timestampReserve];
        size = encode(
                        new byte[signatureLength],
                        timestampReserve == 0 ? Optional.empty() : Optional.of(noToken),
                        MIN_PAD)
                .length;
    }

    private static int signatureLength(SignatureAlgorithm algorithm, X509Certificate signer) {
        return switch (algorithm) {
            case ES256, ED25519 -> 64;
            case ES384 -> 96;
            case ES512 -> 132;
            case PS256 -> {
                if (!(signer.getPublicKey() instanceof RSAPublicKey key)) {
                    throw new IllegalArgumentException(
                            "PS256 with a key that is " + signer.getPublicKey().getAlgorithm());
                }
                yield (key.getModulus().bitLength() + 7) / 8;
            }
        };
    }

    /** {@return the size of the structure in bytes} */
    public int size() {
        return size;
    }

    /**
     * What the signer signs (RFC 9052, 4.4).
     *
     * @param claim the claim's CBOR
     * @return the Sig_structure
     */
    public byte[] toBeSigned(byte[] claim) {
        return CborWriter.write(List.of("Signature1", protectedHeader, new byte[0], claim));
    }

    /**
     * What a timestamp is asked for (<a
     * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_choosing_the_payload">C2PA
     * 2.2, 10.3.2.5.2</a>): that the signature existed.
     *
     * @param signature as it was made
     * @return the structure whose hash the authority gets
     */
    public byte[] toBeTimestamped(byte[] signature) {
        return CborWriter.write(List.of("CounterSignature", protectedHeader, new byte[0], CborWriter.write(signature)));
    }

    /**
     * Writes the structure.
     *
     * @param signature as COSE wants it
     * @param timestampToken DER of the TimeStampToken of RFC 3161
     * @return {@link #size()} bytes
     * @throws IllegalArgumentException if signature or token have not the size that was foreseen
     */
    public byte[] write(byte[] signature, Optional<byte[]> timestampToken) {
        if (signature.length != signatureLength) {
            throw new IllegalArgumentException(
                    "a signature of " + signature.length + " bytes instead of " + signatureLength);
        }
        int unpadded = encode(signature, timestampToken, MIN_PAD).length;
        int pad = MIN_PAD + size - unpadded;
        if (pad < MIN_PAD) {
            throw new IllegalArgumentException(
                    "the timestamp token is " + (unpadded - size) + " bytes larger than was reserved");
        }
        return encode(signature, timestampToken, pad);
    }

    /** {@return a structure of the right size with nothing in it} */
    public byte[] placeholder() {
        return write(new byte[signatureLength], Optional.empty());
    }

    private byte[] encode(byte[] signature, Optional<byte[]> timestampToken, int pad) {
        Map<String, Object> unprotectedHeader = new LinkedHashMap<>();
        unprotectedHeader.put("pad", new byte[pad]);
        revocation.ifPresent(response -> unprotectedHeader.put("rVals", Map.of("ocspVals", List.of(response))));
        timestampToken.ifPresent(token ->
                unprotectedHeader.put("sigTst2", Map.of("tstTokens", List.of(Map.of("val", token)))));
        return CborWriter.write(
                new CborWriter.Tagged(COSE_SIGN1, Arrays.asList(protectedHeader, unprotectedHeader, null, signature)));
    }
}
