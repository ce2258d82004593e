package org.patchreel.fuzzing;

import java.nio.ByteBuffer;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;

/** Decodes CBOR. */
public final class CborTarget {
    private CborTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            CborReader.read(ByteBuffer.wrap(input));
        } catch (CborException e) {
            // what the reader declares
        }
    }
}
