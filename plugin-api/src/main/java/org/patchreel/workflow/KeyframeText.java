package org.patchreel.workflow;

import org.patchreel.api.Position;

/**
 * A key frame as people write it: {@code 1.5 = PICTURE}. Immutable.
 *
 * @param at when the shot shows it
 * @param picture the caller's name for the picture, not empty
 */
public record KeyframeText(Position at, String picture) {

    /**
     * Reads a key frame.
     *
     * @param name of the argument, for the message
     * @param text seconds, an equals sign and a picture; what stands unseen around each is dropped
     * @return the key frame
     * @throws IllegalArgumentException if it is not one; the message names argument and value
     */
    public static KeyframeText parse(String name, String text) {
        int equals = text.indexOf('=');
        String picture = ArgumentText.trim(text.substring(equals + 1));
        if (equals < 1 || picture.isEmpty()) {
            throw new IllegalArgumentException(name + " must be SECONDS=PICTURE: " + ArgumentText.trim(text));
        }
        return new KeyframeText(Position.at(ArgumentText.decimal(name, text.substring(0, equals))), picture);
    }
}
