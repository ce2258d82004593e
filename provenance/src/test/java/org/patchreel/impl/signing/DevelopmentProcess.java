package org.patchreel.impl.signing;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;

/** A process that prints the serial number of the development certificate of a folder. */
final class DevelopmentProcess {
    private DevelopmentProcess() {}

    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        DevelopmentKeystore keystore = new DevelopmentKeystore(Path.of(arguments[0]), Clock.systemUTC());
        System.out.print(keystore.load().certificateChain().get(0).getSerialNumber());
    }
}
