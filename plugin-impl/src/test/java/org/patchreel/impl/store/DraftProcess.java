package org.patchreel.impl.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.patchreel.api.AssetFile;
import org.patchreel.api.Destination;
import org.patchreel.spi.AssetDraft;

/** Makes assets in a process of its own, which a test may kill. */
final class DraftProcess {
    static final int CLIP_BYTES = 200_000;

    private DraftProcess() {}

    /** Opens a draft and holds it ({@code hold}), or stores one asset after the other ({@code store}). */
    public static void main(String[] arguments) throws IOException {
        FileAssetStore store = new FileAssetStore(Path.of(arguments[1]));
        if (arguments[0].equals("hold")) {
            AssetDraft draft = store.open(arguments[2], Destination.DEFAULT);
            Files.write(draft.directory().resolve(AssetFile.CLIP.fileName()), new byte[10]);
            System.out.println("ready");
            System.in.read();
            return;
        }
        for (int i = 0; ; i++) {
            String id = arguments[2] + i;
            try (AssetDraft draft = store.open(id, Destination.DEFAULT)) {
                Files.write(draft.directory().resolve(AssetFile.CLIP.fileName()), new byte[CLIP_BYTES]);
                Files.write(draft.directory().resolve(AssetFile.POSTER.fileName()), new byte[1000]);
                draft.commit(SampleMetadata.of(id));
            }
            if (i == 0) {
                System.out.println("ready");
            }
        }
    }

    /** Starts {@link #main} and waits until it says that it is ready. */
    static Process start(String task, Path directory, String id) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        DraftProcess.class.getName(),
                        task,
                        directory.toString(),
                        id)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.inputReader().readLine();
        return process;
    }
}
