package org.patchreel.fuzzing;

import java.io.IOException;
import java.nio.file.Path;

/** Validates files. */
public final class FileTarget {
    private static final InputFile FILE = new InputFile(".mp4");

    private FileTarget() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path file = FILE.with(input);
        StoreTarget.requireNoFault(StoreTarget.VALIDATOR.validate(file));
        StoreTarget.VALIDATOR.manifestStore(file);
        StoreTarget.VALIDATOR.contentCredentials(file);
    }
}
