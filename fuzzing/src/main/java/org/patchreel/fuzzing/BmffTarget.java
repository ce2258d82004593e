package org.patchreel.fuzzing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.patchreel.impl.c2pa.bmff.BmffException;
import org.patchreel.impl.c2pa.bmff.BmffFile;
import org.patchreel.impl.c2pa.bmff.C2paBoxes;
import org.patchreel.impl.c2pa.bmff.HardBinding;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;

/**
 * Walks boxes and checks bindings. The first two bytes of the input are the length of an assertion that follows them; the
 * rest is the file.
 */
public final class BmffTarget {
    private static final InputFile FILE = new InputFile(".mp4");

    private BmffTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        int length = Math.min(((input[0] & 0xFF) << 8) | (input[1] & 0xFF), input.length - 2);
        try (BmffFile file = BmffFile.open(FILE.with(Arrays.copyOfRange(input, 2 + length, input.length)))) {
            C2paBoxes boxes = C2paBoxes.of(file);
            C2paBoxes.traceIn(file);
            var assertion = CborReader.readMap(ByteBuffer.wrap(input, 2, length));
            HardBinding.excludesMore(assertion);
            for (int version = 1; version <= 3; version++) {
                HardBinding.check(file, assertion, version, boxes.proofs(), "sha256");
            }
        } catch (BmffException | CborException e) {
            // what the readers declare
        }
    }
}
