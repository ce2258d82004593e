package org.patchreel.fuzzing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.patchreel.impl.c2pa.carrier.BoxHash;
import org.patchreel.impl.c2pa.carrier.Carrier;
import org.patchreel.impl.c2pa.carrier.CarrierException;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;
import org.patchreel.impl.c2pa.carrier.DataHash;
import org.patchreel.impl.c2pa.carrier.RemoteManifest;
import org.patchreel.impl.c2pa.cbor.CborException;
import org.patchreel.impl.c2pa.cbor.CborReader;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * Reads pictures and checks bindings. The first two bytes of the input are the length of an assertion that follows them; the
 * rest is the file.
 */
public final class CarrierTarget {
    private static final InputFile FILE = new InputFile(".mp4");

    private CarrierTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        int length = Math.min(((input[0] & 0xFF) << 8) | (input[1] & 0xFF), input.length - 2);
        try (CarrierFile file = CarrierFile.open(FILE.with(Arrays.copyOfRange(input, 2 + length, input.length)))) {
            CarrierFormat format = CarrierFormat.of(file);
            if (!format.isRead() || format == CarrierFormat.BMFF) {
                return;
            }
            Carrier carrier = Carrier.of(format, file);
            Carrier.Contents contents = carrier.contents();
            contents.xmp().ifPresent(RemoteManifest::in);
            var assertion = CborReader.readMap(ByteBuffer.wrap(input, 2, length));
            if (contents.manifest().isPresent()) {
                for (boolean updated : new boolean[] {false, true}) {
                    DataHash.check(file, contents.manifest().get(), assertion, updated, "sha256", "", new StatusLog());
                }
            }
            BoxHash.check(carrier, assertion, "sha256", "", new StatusLog());
        } catch (CarrierException | CborException e) {
            // what the readers declare
        }
    }
}
