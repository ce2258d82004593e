package org.patchreel.impl.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import org.patchreel.spi.ClaimSigner;

/** The credential of an installation that has none configured, for tests of other packages. */
public final class DevelopmentSigner {
    private DevelopmentSigner() {}

    public static ClaimSigner.Credential in(Path folder) throws IOException, GeneralSecurityException {
        return new DevelopmentKeystore(folder, Clock.systemUTC()).load();
    }
}
