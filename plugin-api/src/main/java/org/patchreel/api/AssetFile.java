package org.patchreel.api;

/** The files of an asset. Every asset has that of its {@link OutputKind}; the others may have been deleted since. */
public enum AssetFile {
    /** The clip, of an asset that is one. */
    CLIP("clip.mp4", "video/mp4"),
    /** A frame from the middle. */
    POSTER("poster.jpg", "image/jpeg"),
    /** Frames from all over the clip, in a grid with their times. */
    CONTACT_SHEET("contact-sheet.jpg", "image/jpeg"),
    /** The picture, of an asset that is a still and has no clip. */
    STILL("still.png", "image/png"),
    /**
     * What a clip was asked to show, shot by shot, for people who do not see it: WebVTT of the kind {@code descriptions} (<a
     * href="https://www.w3.org/TR/webvtt1/">WebVTT</a>).
     */
    DESCRIPTION("description.vtt", "text/vtt"),
    /**
     * The clip without its visible label, marked and signed for itself, if the operator keeps one. It is not for the public: {@link
     * Exports#master} hands it out.
     */
    MASTER("master.mp4", "video/mp4");

    private final String fileName;
    private final String mediaType;

    AssetFile(String fileName, String mediaType) {
        this.fileName = fileName;
        this.mediaType = mediaType;
    }

    /** {@return the file's name in a draft and in the file store} */
    public String fileName() {
        return fileName;
    }

    /** {@return the end of the file's name, with its dot} */
    public String extension() {
        return fileName.substring(fileName.lastIndexOf('.'));
    }

    /** {@return the media type} */
    public String mediaType() {
        return mediaType;
    }
}
