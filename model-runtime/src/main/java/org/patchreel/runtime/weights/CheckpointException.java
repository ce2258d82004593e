package org.patchreel.runtime.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.util.List;

/**
 * A checkpoint's files are not what they should be. The message is one line and names the file and the offending value;
 * {@link #problems()} holds the full list where one check found several.
 */
public final class CheckpointException extends IOException {
    private static final int SHOWN_LENGTH = 200;

    private final String message;
    private final List<String> problems;

    public CheckpointException(String message) {
        this(message, List.of(message));
    }

    public CheckpointException(String message, Throwable cause) {
        this(message, List.of(message));
        initCause(cause);
    }

    CheckpointException(String summary, List<String> problems) {
        super(summary);
        this.message = summary;
        this.problems = List.copyOf(problems);
    }

    /** Of a text that is not JSON; without the notes on its own settings that Jackson adds to a place within a place. */
    public static CheckpointException invalidJson(String what, JsonProcessingException cause) {
        String reason = cause.getOriginalMessage().replaceAll("\\[Source: [^;]*; (line: \\d+, column: \\d+)]", "$1");
        return new CheckpointException(what + " is not valid JSON: " + shown(reason), cause);
    }

    /** Never null. */
    @Override
    public String getMessage() {
        return message;
    }

    /** One line for each thing found wrong; at least one. */
    public List<String> problems() {
        return problems;
    }

    /** A text out of a file, fit for one line of a message: no control characters, at most 200 characters. */
    static String shown(String text) {
        String start = text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "…";
        StringBuilder line = new StringBuilder(start.length());
        start.codePoints().forEach(c -> line.appendCodePoint(isPrintable(c) ? c : '?'));
        return line.toString();
    }

    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
