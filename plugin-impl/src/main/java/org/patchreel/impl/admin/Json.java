package org.patchreel.impl.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;

/** Writes maps, lists, texts and numbers as JSON in one line, which is fit for a terminal and loses nothing. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static String write(Object value) {
        try {
            // such characters can only stand in strings, where each may be written by its number
            return PrintableLine.NOT_PRINTABLE
                    .matcher(MAPPER.writeValueAsString(value))
                    .replaceAll(found -> String.format(
                            Locale.ROOT, "\\\\u%04x", (int) found.group().charAt(0)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
