package org.patchreel.impl.c2pa.carrier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Formats of files, as far as C2PA tells them apart (C2PA 2.2, A). A file is recognised by its content; names of files are for
 * searching folders only.
 */
public enum CarrierFormat {
    JPEG("JPEG", true, "jpg jpeg jpe jfif"),
    PNG("PNG", true, "png apng"),
    GIF("GIF", true, "gif"),
    /** WebP, AVI and WAV. */
    RIFF("RIFF", true, "webp avi"),
    TIFF("TIFF", true, "tif tiff dng"),
    /** MP4, MOV, AVIF, HEIC and their kin. */
    BMFF("BMFF", true, "mp4 m4v m4s mov qt 3gp avif heic heif hif"),
    PDF("PDF", false, ""),
    /** MP3, or FLAC with an ID3 tag. */
    ID3("MP3", false, ""),
    FLAC("FLAC", false, ""),
    SVG("SVG", false, ""),
    JPEG_XL("JPEG XL", false, ""),
    OTHER("other", false, "");

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    private static final int BEGINNING = 4096;

    /** Outermost boxes that a file begins with, those of QuickTime files without {@code ftyp} included. */
    private static final Set<String> FIRST_BOXES = Set.of(
            "ftyp", "styp", "moov", "moof", "mdat", "sidx", "emsg", "prft", "free", "skip", "wide", "pnot", "uuid",
            "meta");

    private final String label;
    private final boolean read;
    private final String fileExtensions;

    CarrierFormat(String label, boolean read, String fileExtensions) {
        this.label = label;
        this.read = read;
        this.fileExtensions = fileExtensions;
    }

    /** {@return whether manifests in such files are read} */
    public boolean isRead() {
        return read;
    }

    /** {@return its name, for messages} */
    public String label() {
        return label;
    }

    /** {@return for a format whose manifests are not read, a clause that says so} */
    public String unread() {
        return this == OTHER
                ? "manifests in files of this format are not read"
                : "manifests in " + label + " files are not read";
    }

    /** {@return in lower case, how names of videos and pictures end whose manifests are read} */
    public static Set<String> readExtensions() {
        return Arrays.stream(values())
                .filter(CarrierFormat::isRead)
                .flatMap(format -> Stream.of(format.fileExtensions.split(" ")))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Recognises the format of a file.
     *
     * @throws IOException if it cannot be read
     */
    public static CarrierFormat of(CarrierFile file) throws IOException {
        byte[] bytes = file.read(0, (int) Math.min(BEGINNING, file.size()));
        String start = new String(bytes, ISO_8859_1);
        if (start.startsWith("\u00FF\u00D8\u00FF")) {
            return JPEG;
        }
        if (start.startsWith(new String(PNG_SIGNATURE, ISO_8859_1))) {
            return PNG;
        }
        if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return GIF;
        }
        if (start.startsWith("RIFF")) {
            return RIFF;
        }
        if (start.startsWith("II*\0")
                || start.startsWith("MM\0*")
                || start.startsWith("II+\0")
                || start.startsWith("MM\0+")) {
            return TIFF;
        }
        if (start.startsWith("\0\0\0\fJXL \r\n\u0087\n") || start.startsWith("\u00FF\n")) {
            return JPEG_XL;
        }
        if (start.length() >= 8 && FIRST_BOXES.contains(start.substring(4, 8))) {
            return BMFF;
        }
        if (start.startsWith("fLaC")) {
            return FLAC;
        }
        if (start.startsWith("ID3") || (start.length() >= 2 && start.charAt(0) == 0xFF && start.charAt(1) >= 0xE0)) {
            return ID3;
        }
        if (start.substring(0, Math.min(1024, start.length())).contains("%PDF-")) {
            return PDF;
        }
        return start.contains("<svg") ? SVG : OTHER;
    }
}
