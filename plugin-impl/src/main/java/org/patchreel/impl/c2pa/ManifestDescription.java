package org.patchreel.impl.c2pa;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest is to say of a clip.
 *
 * @param title of the clip, for people, at most {@value #MAX_TEXT} characters
 * @param created when it was generated
 * @param generatorName of the software
 * @param generatorVersion of the software
 * @param modelName of the model that generated the pictures
 * @param softBinding the watermark in the pictures, if there is one
 * @param duration of the clip
 * @param thumbnail a JPEG file, at most 1 MiB
 * @param ingredients the pictures and clips that conditioned the generation
 */
public record ManifestDescription(
        String title,
        Instant created,
        String generatorName,
        String generatorVersion,
        String modelName,
        Optional<SoftBinding> softBinding,
        Duration duration,
        Optional<Path> thumbnail,
        List<Ingredient> ingredients) {

    /** No name needs more; a manifest is not the place for a novel. */
    static final int MAX_TEXT = 1000;

    static final int MAX_INGREDIENTS = 32;

    /** Checks sizes. */
    public ManifestDescription {
        requireText("title", title);
        requireText("generatorName", generatorName);
        requireText("generatorVersion", generatorVersion);
        requireText("modelName", modelName);
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration: " + duration);
        }
        ingredients = List.copyOf(ingredients);
        if (ingredients.size() > MAX_INGREDIENTS) {
            throw new IllegalArgumentException(
                    ingredients.size() + " ingredients, at most " + MAX_INGREDIENTS + " are supported");
        }
    }

    private static void requireText(String name, String text) {
        if (text.isBlank() || text.length() > MAX_TEXT) {
            throw new IllegalArgumentException(name + ": 1 to " + MAX_TEXT + " characters, not " + text.length()
                    + " that say nothing or too much");
        }
    }

    /**
     * A watermark.
     *
     * @param algorithm its name
     * @param id 8 bytes in hexadecimal
     */
    public record SoftBinding(String algorithm, String id) {
        /** Checks the ID. */
        public SoftBinding {
            requireText("algorithm", algorithm);
            if (!id.matches("[0-9a-fA-F]{16}")) {
                throw new IllegalArgumentException("a watermark's ID is 16 hexadecimal digits: " + id);
            }
        }
    }

    /**
     * A file that went into the generation. If it carries a manifest, that is taken over.
     *
     * @param title for people
     * @param mediaType for example {@code image/jpeg} or {@code video/mp4}
     * @param file local
     */
    public record Ingredient(String title, String mediaType, Path file) {
        /** Checks the names. */
        public Ingredient {
            requireText("title", title);
            if (!mediaType.matches("[a-z]+/[a-z0-9.+-]{1,100}")) {
                throw new IllegalArgumentException("no media type: " + mediaType);
            }
        }
    }
}
