package org.patchreel.runtime.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manifest header of a bundle that carries a checkpoint.
 *
 * @param name of the model
 * @param path of the checkpoint's folder in the bundle
 */
record CheckpointHeader(String name, String path) {
    private static final Pattern SYNTAX = Pattern.compile("\\s*([^;\\s]+)\\s*;\\s*path\\s*=\\s*\"?([^;\"\\s]+)\"?\\s*");

    static CheckpointHeader parse(String header) {
        Matcher matcher = SYNTAX.matcher(header);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Patchreel-Checkpoint must be NAME;path=FOLDER: " + header);
        }
        return new CheckpointHeader(ModelName.checked(matcher.group(1)), matcher.group(2));
    }
}
