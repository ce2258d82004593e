package org.patchreel.impl.c2pa.carrier;

import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The structure of a file of one format. Malformed parts are reported; the parts ahead of them are still read. */
public sealed interface Carrier permits GifCarrier, JpegCarrier, PngCarrier, RiffCarrier, TiffCarrier {

    /**
     * What was found.
     *
     * @param manifest the manifest store
     * @param xmp a packet of XMP
     * @param damage why the rest of the structure could not be read
     */
    record Contents(Optional<ManifestPlace> manifest, Optional<byte[]> xmp, Optional<String> damage) {}

    /**
     * A part of a file in the terms of a general box hash.
     *
     * @param name for example {@code APP0}
     * @param range its bytes, header included
     */
    record FileBox(String name, ManifestPlace.Range range) {
        /** The name of the part that holds the manifest store. */
        static final String MANIFEST = "C2PA";

        static FileBox of(String name, long start, long length) {
            return new FileBox(name, new ManifestPlace.Range(start, length));
        }
    }

    /**
     * Opens a file's structure.
     *
     * @param format one that is read and not BMFF
     */
    static Carrier of(CarrierFormat format, CarrierFile file) {
        return switch (format) {
            case JPEG -> new JpegCarrier(file);
            case PNG -> new PngCarrier(file);
            case GIF -> new GifCarrier(file);
            case RIFF -> new RiffCarrier(file);
            case TIFF -> new TiffCarrier(file);
            case BMFF, PDF, ID3, FLAC, SVG, JPEG_XL, OTHER ->
                throw new IllegalArgumentException("no carrier is read of format " + format);
        };
    }

    /** {@return the file} */
    CarrierFile file();

    /**
     * Looks for manifest and XMP.
     *
     * @throws CarrierException if the manifest is there in a way that is not allowed
     * @throws EOFException if the file ends within the manifest
     */
    Contents read() throws CarrierException, IOException;

    /**
     * {@return the parts of the file in order, the manifest's included}
     *
     * @throws CarrierException if the format has none that are supported, or they are not well-formed
     */
    List<FileBox> boxes() throws CarrierException, IOException;

    /**
     * Looks for the manifest and reads as much of the rest as can be read.
     *
     * @return what was found
     * @throws CarrierException if there is a manifest that breaks the format's rules, or that cannot be reached
     * @throws IOException if the file cannot be read
     */
    default Contents contents() throws CarrierException, IOException {
        Contents contents;
        try {
            contents = read();
        } catch (EOFException e) {
            contents = new Contents(Optional.empty(), Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
        if (contents.manifest().isEmpty() && contents.damage().isPresent() && hasTrace(file())) {
            throw new CarrierException(
                    "the manifest cannot be reached: " + contents.damage().get());
        }
        return contents;
    }

    /** {@return whether the description of a manifest store stands anywhere in the file} */
    private static boolean hasTrace(CarrierFile file) throws IOException {
        return file.contains(HexFormat.of().parseHex("6a756d646332706100110010800000aa00389b71"));
    }
}
