package org.patchreel.web.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.patchreel.web.http.Refusal;
import org.patchreel.web.http.Request;

/** The parameters of a query; one that is not known is refused, as it would be ignored otherwise. */
final class Parameters {

    private final Request request;

    private Parameters(Request request) {
        this.request = request;
    }

    /**
     * Reads the query of a request.
     *
     * @param known names
     * @throws Refusal if there is another one
     */
    static Parameters of(Request request, String... known) throws Refusal {
        for (String name : request.parameters()) {
            if (!List.of(known).contains(name)) {
                throw new Refusal(
                                400,
                                "the parameter " + name + " is not known here; "
                                        + (known.length == 0 ? "none is" : "these are: " + String.join(", ", known)))
                        .at(name);
            }
        }
        return new Parameters(request);
    }

    Optional<String> text(String name) throws Refusal {
        Optional<String> value = request.parameter(name);
        if (request.parameters().contains(name)
                && value.filter(text -> !text.isBlank()).isEmpty()) {
            throw new Refusal(400, "the parameter " + name + " has no value").at(name);
        }
        return value;
    }

    /** {@return a value that a function reads, which throws an IllegalArgumentException that says what is expected} */
    <T> Optional<T> value(String name, Function<String, T> reading) throws Refusal {
        Optional<String> text = text(name);
        try {
            return text.map(reading);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage())).at(name);
        }
    }

    int integer(String name, int otherwise, int min, int max) throws Refusal {
        return value(name, text -> {
                    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
                        throw new IllegalArgumentException(
                                name + " is a whole number from " + min + " to " + max + ": " + text);
                    }
                    return Integer.parseInt(text);
                })
                .orElse(otherwise);
    }

    /** {@return a time, or the beginning of a day in this machine's time zone} */
    Optional<Instant> time(String name) throws Refusal {
        return value(name, text -> {
            try {
                return text.contains("T")
                        ? Instant.parse(text)
                        : LocalDate.parse(text)
                                .atStartOfDay(ZoneId.systemDefault())
                                .toInstant();
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(
                        name + " is a day such as 2026-11-30 or a time such as 2026-11-30T08:00:00Z: " + text, e);
            }
        });
    }

    Optional<LocalDate> day(String name) throws Refusal {
        return value(name, text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(name + " is a day such as 2026-11-30: " + text, e);
            }
        });
    }
}
