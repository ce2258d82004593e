package org.patchreel.judges;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;

/** What tests share that compare our verdicts with those of the judges: the judges, and an authority to trust or not. */
abstract class JudgedTest {
    static Judges judges;
    static CertificateAuthority authority;

    @TempDir
    static Path folder;

    /** The authority's certificate, to be trusted. */
    static Path root;

    @BeforeAll
    static void startJudges() throws Exception {
        judges = Judges.start();
        authority = new CertificateAuthority("Test");
        root = Files.writeString(folder.resolve("root.pem"), authority.pem());
    }

    @AfterAll
    static void stopJudges() throws IOException {
        if (judges != null) {
            judges.close();
        }
    }

    /** {@return a validator that trusts whom these certificates are of} */
    static ManifestValidator validator(Path... anchors) throws IOException {
        return new ManifestValidator(TrustList.read(List.of(anchors), Set.of()), Clock.systemUTC());
    }
}
