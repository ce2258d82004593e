package org.patchreel.impl.export;

import java.io.IOException;

/** Programs of the machine that tests need. */
public final class Program {

    private Program() {}

    /**
     * Tries a command.
     *
     * @param command and its arguments
     * @return whether it is there and ends with status 0
     * @throws InterruptedException if the thread is interrupted
     */
    public static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
