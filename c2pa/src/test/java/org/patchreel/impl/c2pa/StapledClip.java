package org.patchreel.impl.c2pa;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.TestAuthority.Behaviour;
import org.patchreel.impl.c2pa.cose.CoseSign1Writer;
import org.patchreel.impl.c2pa.cose.TestCertificates;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.spi.ClaimSigner;

/** Puts another signature into a store of one manifest, with any OCSP response. */
final class StapledClip {
    private StapledClip() {}

    static byte[] store(
            byte[] store,
            ClaimSigner.Credential credential,
            byte[] response,
            Optional<Instant> timestamp,
            TestCertificates certificates)
            throws Exception {
        JumbfBox.Super manifest =
                JumbfReader.read(ByteBuffer.wrap(store)).superBoxes().get(0);
        List<byte[]> parts = new ArrayList<>();
        for (JumbfBox.Super part : manifest.superBoxes()) {
            if (!part.label().equals("c2pa.signature")) {
                parts.add(UpdatedClip.bytes(part.raw()));
            }
        }
        byte[] claim = UpdatedClip.bytes(manifest.superBoxes().stream()
                .filter(part -> part.label().equals("c2pa.claim.v2"))
                .findFirst()
                .orElseThrow()
                .content(0, "cbor")
                .orElseThrow());
        CoseSign1Writer cose = new CoseSign1Writer(
                credential.algorithm(),
                credential.certificateChain(),
                timestamp.isPresent() ? TimestampAuthority.MAX_TOKEN : 0,
                Optional.of(response));
        byte[] signature = credential.sign(cose.toBeSigned(claim));
        Optional<byte[]> token = Optional.empty();
        if (timestamp.isPresent()) {
            try (TestAuthority authority = new TestAuthority(Behaviour.GOOD, certificates, timestamp.get())) {
                token = Optional.of(authority
                        .client()
                        .stamp(cose.toBeTimestamped(signature))
                        .token());
            }
        }
        parts.add(SuperBox.ofCbor("c2cs", "c2pa.signature", cose.write(signature, token))
                .bytes());
        return SuperBox.of(
                        "c2pa",
                        "c2pa",
                        SuperBox.of("c2ma", manifest.label(), parts.toArray(byte[][]::new))
                                .bytes())
                .bytes();
    }
}
