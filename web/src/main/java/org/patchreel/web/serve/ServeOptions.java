package org.patchreel.web.serve;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code serve} was given.
 *
 * @param port 0 for any that is free
 * @param data the folder of clips and settings, if one was named
 * @param open whether to open a browser
 * @param help whether to tell more about the command, and do nothing else
 */
record ServeOptions(int port, Optional<Path> data, boolean open, boolean help) {

    static final int DEFAULT_PORT = 8787;

    private static final int MAX_PORT = 65_535;

    /**
     * Takes arguments apart. {@code --name value} and {@code --name=value} mean the same, {@code -h} is {@code --help}.
     *
     * @throws IllegalArgumentException if one is unknown or wrong
     */
    static ServeOptions parse(String... arguments) {
        ServeOptions options = new ServeOptions(DEFAULT_PORT, Optional.empty(), false, false);
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            switch (name) {
                case "--port", "--data" -> {
                    if (equals < 0 && i + 1 == arguments.length) {
                        throw new IllegalArgumentException("option " + name + " needs a value");
                    }
                    String value = equals >= 0 ? argument.substring(equals + 1) : arguments[++i];
                    options = name.equals("--port") ? options.at(port(value)) : options.in(Path.of(value));
                }
                case "--open" -> options = new ServeOptions(options.port, options.data, true, options.help);
                case "--help", "-h" -> options = new ServeOptions(options.port, options.data, options.open, true);
                default ->
                    throw new IllegalArgumentException((name.startsWith("-")
                                    ? "unknown option " + name + ", known: "
                                    : "unexpected: " + name + ", known: ")
                            + "--port, --data, --open, --help");
            }
        }
        return options;
    }

    private static int port(String text) {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= MAX_PORT) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("--port must be a whole number from 0 to " + MAX_PORT + ": " + text);
    }

    private ServeOptions at(int number) {
        return new ServeOptions(number, data, open, help);
    }

    private ServeOptions in(Path folder) {
        return new ServeOptions(port, Optional.of(folder), open, help);
    }
}
