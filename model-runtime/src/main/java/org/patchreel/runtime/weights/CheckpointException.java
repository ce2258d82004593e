package org.patchreel.runtime.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

    /**
     * Several things are wrong.
     *
     * @param summary the message
     * @param problems a line for each; at least one
     */
    public CheckpointException(String summary, List<String> problems) {
        super(summary);
        this.message = summary;
        this.problems = List.copyOf(problems);
    }

    /** For a tensor of a file, whose name comes from it. */
    static CheckpointException ofTensor(String name, Path file, String problem) {
        return new CheckpointException("tensor " + shown(name) + " of " + file + " " + problem);
    }

    /** For invalid JSON; Jackson's message is kept without its remarks on parser settings. */
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

    /** For a file that does not exist, a link without a target, or a file in a folder that may not be entered. */
    public static CheckpointException absent(Path file) {
        if (Files.isSymbolicLink(file)) {
            try {
                return new CheckpointException(
                        file + " is a link to " + Files.readSymbolicLink(file) + ", which does not exist");
            } catch (IOException e) {
                return new CheckpointException(file + " is a link that cannot be followed", e);
            }
        }
        // neither exists() nor notExists(): a parent folder may not be entered
        return new CheckpointException(
                file + (Files.notExists(file) ? " does not exist" : " cannot be read: permission denied"));
    }

    /** {@return what went wrong with a file, in one line; exceptions of java.nio.file may have its name alone} */
    public static String describe(IOException failure) {
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + " cannot be read: permission denied";
        }
        if (failure instanceof NoSuchFileException missing && missing.getFile() != null) {
            return String.valueOf(absent(Path.of(missing.getFile())).getMessage());
        }
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    /** Text from a file as part of a one-line message: no control characters, at most 200 characters. */
    public static String shown(String text) {
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
