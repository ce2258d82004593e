package org.patchreel.web.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeOptionsTest {

    @Test
    void optionsStandInAnyOrderAndForm() {
        assertEquals(new ServeOptions(8787, Optional.empty(), false, false), ServeOptions.parse());
        assertEquals(
                new ServeOptions(0, Optional.of(Path.of("clips")), true, false),
                ServeOptions.parse("--open", "--data=clips", "--port", "0"));
        assertTrue(ServeOptions.parse("-h").help());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port=65536|--port must be a whole number from 0 to 65535: 65536",
                "--port=http|--port must be a whole number from 0 to 65535: http",
                "--port|option --port needs a value",
                "--host=0.0.0.0|unknown option --host, known: --port, --data, --open, --help",
                "now|unexpected: now, known: --port, --data, --open, --help"
            })
    void whatIsWrongIsNamed(String argument, String message) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> ServeOptions.parse(argument))
                        .getMessage());
    }
}
