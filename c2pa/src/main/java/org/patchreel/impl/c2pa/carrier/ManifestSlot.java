package org.patchreel.impl.c2pa.carrier;

import java.io.IOException;
import java.util.Optional;
import org.patchreel.impl.c2pa.carrier.ManifestPlace.Range;

/** Where a manifest store goes in a picture, and what the picture's format puts around it. */
public sealed interface ManifestSlot permits JpegSlot, PngSlot {

    /**
     * Finds the slot of a picture.
     *
     * @param format JPEG or PNG
     * @param file the picture, not needed after this call
     * @throws CarrierException if the picture is damaged, or has a manifest in a way that is not allowed
     * @throws IOException if it cannot be read
     */
    static ManifestSlot of(CarrierFormat format, CarrierFile file) throws CarrierException, IOException {
        return switch (format) {
            case JPEG -> JpegSlot.of(new JpegCarrier(file));
            case PNG -> PngSlot.of(new PngCarrier(file));
            default -> throw new IllegalArgumentException("no manifest is put into a file of format " + format);
        };
    }

    /** {@return where in the picture the store goes} */
    long position();

    /** {@return the manifest that the picture carries and that is left out, not across {@link #position}} */
    Optional<Range> replaced();

    /**
     * Puts around a store what the format does.
     *
     * @param store a superbox
     * @return the bytes for the file, whose number depends on that of the store's alone
     */
    byte[] wrap(byte[] store);

    /** {@return what is in the picture} */
    static Carrier.Contents wellFormed(Carrier picture) throws CarrierException, IOException {
        Carrier.Contents contents = picture.contents();
        if (contents.damage().isPresent()) {
            throw new CarrierException("is damaged: " + contents.damage().get());
        }
        return contents;
    }
}
