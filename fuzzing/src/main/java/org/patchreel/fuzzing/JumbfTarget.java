package org.patchreel.fuzzing;

import java.nio.ByteBuffer;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;

/** Reads superboxes. */
public final class JumbfTarget {
    private JumbfTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            JumbfReader.read(ByteBuffer.wrap(input));
        } catch (JumbfException e) {
            // what the reader declares
        }
    }
}
