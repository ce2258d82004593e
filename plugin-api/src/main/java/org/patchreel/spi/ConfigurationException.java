package org.patchreel.spi;

import java.util.Optional;

/** A configuration that cannot be used. The message is one line and names the PID, the key and the value. */
public final class ConfigurationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String message;
    private final String pid;
    private final String file;

    /**
     * Refuses a configuration.
     *
     * @param pid of the configuration
     * @param file it was read from; empty if it has none
     * @param problem the key, its value and what is expected
     */
    ConfigurationException(String pid, Optional<String> file, String problem) {
        this.message =
                pid + ": " + problem + file.map(name -> " (in " + name + ")").orElse("");
        this.pid = pid;
        this.file = file.orElse("");
    }

    /** {@return one line that names the PID, the key and the value} */
    @Override
    public String getMessage() {
        return message;
    }

    /** {@return the PID of the configuration} */
    public String pid() {
        return pid;
    }

    /** {@return the file that the configuration was read from, if there is one} */
    public Optional<String> file() {
        return file.isEmpty() ? Optional.empty() : Optional.of(file);
    }
}
