package org.patchreel.api;

import java.util.Locale;

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

    /** {@return the name in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
