package org.patchreel.runtime.model;

import java.util.regex.Pattern;

/** The syntax of model names, which are typed on command lines and written into file names. */
final class ModelName {
    static final String SYNTAX = "1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit";

    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private ModelName() {}

    static boolean isValid(String name) {
        return PATTERN.matcher(name).matches();
    }

    static String checked(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("a model's name is " + SYNTAX + ": " + name);
        }
        return name;
    }
}
