package org.patchreel.broker.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory of the machine is free. */
final class FreeMemory {

    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final String AVAILABLE = "MemAvailable:";
    private static final int KIBIBYTE = 1024;

    private FreeMemory() {}

    /** {@return what programs can still get, in bytes; where the system does not say, what this Java can} */
    static long bytes() {
        try {
            for (String line : Files.readAllLines(MEMINFO)) {
                if (line.startsWith(AVAILABLE)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // another system
        }
        Runtime java = Runtime.getRuntime();
        return java.maxMemory() - java.totalMemory() + java.freeMemory();
    }
}
