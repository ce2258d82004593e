package org.patchreel.fuzzing;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.patchreel.impl.c2pa.cose.ClaimSignature;
import org.patchreel.impl.c2pa.cose.CoseException;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.status.StatusLog;

/** Decodes signatures, their certificates and timestamps, and verifies them. */
public final class CoseTarget {
    private static final TrustList NOBODY = TrustList.EMPTY;

    private CoseTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            ClaimSignature signature = ClaimSignature.read(ByteBuffer.wrap(input));
            signature.signer();
            signature.verify(
                    ByteBuffer.allocate(0), "", NOBODY, true, Instant.ofEpochSecond(1_800_000_000), new StatusLog());
        } catch (CoseException e) {
            // what the reader declares
        }
    }
}
