package org.patchreel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.patchreel.runtime.torch.ScriptModule;

/** Writes the archives of TorchScript that the engine is given, for {@code networks.py}. Loads no engine. */
public final class NetworkArchives {
    private NetworkArchives() {}

    /**
     * Writes {@code transformer.pt} and {@code vae.pt}.
     *
     * @param args the folder
     * @throws IOException if a file cannot be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        Files.write(folder.resolve("transformer.pt"), ScriptModule.archive("transformer.py", "Transformer"));
        Files.write(folder.resolve("vae.pt"), ScriptModule.archive("vae.py", "Vae"));
    }
}
