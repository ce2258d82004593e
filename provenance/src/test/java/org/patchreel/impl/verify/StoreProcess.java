package org.patchreel.impl.verify;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.Scene;

/** Puts clips into a store in a process of its own, and says which after each. */
final class StoreProcess {
    private StoreProcess() {}

    private static final Fingerprint FINGERPRINT = new Scene(1).fingerprint(new VideoFormat(96, 64, 49, 24));

    /** Arguments: file of the store, prefix of the asset IDs, how many clips. */
    public static void main(String[] arguments) throws IOException {
        try (ManifestRepository store = new ManifestRepository(Path.of(arguments[0]), null)) {
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                store.put(clip(arguments[1] + i, i));
                System.out.println(arguments[1] + i);
            }
        }
    }

    static StoredManifest clip(String asset, int number) {
        byte[] watermark = {
            1, 2, 3, 4, (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
        };
        byte[] manifest = ("manifest of " + asset).repeat(500).getBytes(StandardCharsets.UTF_8);
        return new StoredManifest(
                asset, watermark, "urn:c2pa:" + asset, manifest, FINGERPRINT, Instant.ofEpochSecond(number));
    }

    static Process start(Path file, String prefix, int count, Path output) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        StoreProcess.class.getName(),
                        file.toString(),
                        prefix,
                        String.valueOf(count)))
                .redirectErrorStream(true)
                .redirectOutput(new File(output.toString()))
                .start();
    }
}
