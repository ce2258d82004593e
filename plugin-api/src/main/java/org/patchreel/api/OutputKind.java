package org.patchreel.api;

import java.util.Locale;
import java.util.Objects;

/** What a request asks for. */
public enum OutputKind {
    /** A video, an MP4 file. */
    CLIP(AssetFile.CLIP),
    /** One picture, a PNG file. */
    STILL(AssetFile.STILL);

    private final AssetFile file;

    OutputKind(AssetFile file) {
        this.file = file;
    }

    /** {@return the file that every asset of this kind has} */
    public AssetFile file() {
        return file;
    }

    /**
     * Reads a kind by its name.
     *
     * @param name of what it is, for the message
     * @param text {@code clip} or {@code still}, in any case
     * @return the kind
     * @throws IllegalArgumentException if it is another; the message says what is accepted
     */
    public static OutputKind parse(String name, String text) {
        return switch (Objects.requireNonNull(text, "text").toLowerCase(Locale.ROOT)) {
            case "clip" -> CLIP;
            case "still" -> STILL;
            default -> throw new IllegalArgumentException(name + " must be clip or still: " + text);
        };
    }

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
