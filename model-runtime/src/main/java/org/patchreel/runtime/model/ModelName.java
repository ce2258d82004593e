package org.patchreel.runtime.model;

import java.util.regex.Pattern;

/** What a model may be called: it is typed on command lines and written into file names. */
final class ModelName {
    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private ModelName() {}

    static String checked(String name) {
        if (!PATTERN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a model's name is 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit: " + name);
        }
        return name;
    }
}
