package org.patchreel.api;

import java.util.Objects;
import java.util.Optional;

/**
 * What one uninterrupted take shows, and how long. The size, the frame rate and the model are the same for all shots of a
 * {@link GenerationRequest} and stand there.
 *
 * @param prompt what the shot shows; 1 to {@value #MAX_PROMPT_LENGTH} characters, not blank, no control characters but tab
 *     and line ends, no unpaired surrogates
 * @param negativePrompt what the shot should not show; empty for the model's default, else the same limits
 * @param length empty for the model's default
 * @param camera how the camera moves
 */
public record Shot(String prompt, String negativePrompt, Optional<ClipLength> length, Camera camera) {

    /** Maximum length of a prompt in UTF-16 units: far past what any text encoder reads (512 tokens). */
    public static final int MAX_PROMPT_LENGTH = 10_000;

    /**
     * Makes a shot whose prompt says all that is said of the camera.
     *
     * @param prompt as above
     * @param negativePrompt as above
     * @param length as above
     * @throws IllegalArgumentException as below
     */
    public Shot(String prompt, String negativePrompt, Optional<ClipLength> length) {
        this(prompt, negativePrompt, length, Camera.UNSPECIFIED);
    }

    /**
     * Checks both texts.
     *
     * @throws IllegalArgumentException if one is too long, has a character that it may not have, or the prompt is blank; the
     *     message names it
     * @throws NullPointerException if a value is null; the message is its name
     */
    public Shot {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(negativePrompt, "negativePrompt");
        Objects.requireNonNull(length, "length");
        Objects.requireNonNull(camera, "camera");
        checkText("prompt", prompt);
        checkText("negative prompt", negativePrompt);
        if (prompt.isBlank()) {
            throw new IllegalArgumentException("prompt is empty: say in words what the clip shows");
        }
    }

    private static void checkText(String name, String text) {
        if (text.length() > MAX_PROMPT_LENGTH) {
            throw new IllegalArgumentException(
                    name + " has " + text.length() + " characters, at most " + MAX_PROMPT_LENGTH + " are read");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                        String.format("%s has an unpaired surrogate U+%04X at character %d", name, (int) c, i));
            } else if (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r') {
                throw new IllegalArgumentException(
                        String.format("%s has a control character U+%04X at character %d", name, (int) c, i));
            }
        }
    }
}
