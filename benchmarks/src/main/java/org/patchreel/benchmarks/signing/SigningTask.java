package org.patchreel.benchmarks.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport.Manifest;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.AiDisclosure;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.signing.KeyStoreClaimSigner;

/**
 * Signs or validates clips with the product's own code. Prints the CPU time that the last one took, in seconds, and the
 * peak of the process's resident memory in KiB.
 */
public final class SigningTask {

    private SigningTask() {}

    /**
     * Does one of both.
     *
     * @param args {@code sign} or {@code validate}, the folder of the development certificate, and the clips
     * @throws IOException if a clip cannot be signed or read
     * @throws GeneralSecurityException if there is no certificate
     */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        ManifestValidator validator = new ManifestValidator(new TrustList(List.of()), Clock.systemUTC());
        ManifestEmbedder embedder = new ManifestEmbedder(validator);
        KeyStoreClaimSigner signer = new KeyStoreClaimSigner(Path.of(args[1]));
        Duration start = cpuTime();
        for (String name : List.of(args).subList(2, args.length)) {
            Path clip = Path.of(name);
            start = cpuTime();
            if (args[0].equals("sign")) {
                embedder.embed(clip, description(), signer.credential());
                continue;
            }
            Manifest manifest = validator.validate(clip);
            if (manifest.state() != ManifestState.VALID) {
                throw new IllegalStateException(clip + ": " + manifest);
            }
        }
        System.out.println(cpuTime().minus(start).toMillis() / 1e3);
        System.out.println(Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .map(line -> line.replaceAll("\\D", ""))
                .orElseThrow());
    }

    private static Duration cpuTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    private static ManifestDescription description() {
        return new ManifestDescription(
                "a large clip",
                Instant.now(),
                "Patchreel benchmarks",
                "1",
                new AiDisclosure("none"),
                Optional.of(new ManifestDescription.SoftBinding("org.patchreel.benchmarks", "0123456789abcdef")),
                Duration.ofMinutes(10),
                Optional.empty(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
    }
}
