package org.patchreel.runtime.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manifest header of a bundle that carries a checkpoint.
 *
 * @param name of the model
 * @param path of the checkpoint's folder in the bundle
 * @param acknowledgedBy who has read the checkpoint's licence and stands for its use; empty if nobody needs to
 */
record CheckpointHeader(String name, String path, Optional<String> acknowledgedBy) {
    private static final Pattern SYNTAX = Pattern.compile("\\s*([^;\\s]+)\\s*;\\s*path\\s*=\\s*\"?([^;\"\\s]+)\"?\\s*"
            + "(?:;\\s*license\\.acknowledged\\.by\\s*=\\s*\"([^\"]+)\"\\s*)?");

    static CheckpointHeader parse(String header) {
        Matcher matcher = SYNTAX.matcher(header);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Patchreel-Checkpoint must be NAME;path=FOLDER, with"
                    + " ;license.acknowledged.by=\"WHO\" where the licence needs it: " + header);
        }
        return new CheckpointHeader(
                ModelName.checked(matcher.group(1)), matcher.group(2), Optional.ofNullable(matcher.group(3)));
    }
}
