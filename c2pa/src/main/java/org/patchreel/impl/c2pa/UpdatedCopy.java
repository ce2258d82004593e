package org.patchreel.impl.c2pa;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.patchreel.impl.c2pa.bmff.BmffException;
import org.patchreel.impl.c2pa.bmff.BmffFile;
import org.patchreel.impl.c2pa.bmff.C2paBoxes;
import org.patchreel.impl.c2pa.bmff.C2paBoxes.Place;
import org.patchreel.impl.c2pa.carrier.CarrierException;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;
import org.patchreel.impl.c2pa.jumbf.JumbfBox;
import org.patchreel.impl.c2pa.jumbf.JumbfException;
import org.patchreel.impl.c2pa.jumbf.JumbfReader;
import org.patchreel.impl.c2pa.jumbf.SuperBox;

/**
 * Copies a signed file and adds an update manifest. In an MP4 file it comes to the end, so that no box moves: their positions are
 * bound, too (<a
 * href="https://spec.c2pa.org/specifications/specifications/2.2/specs/C2PA_Specification.html#_embedding_manifests_into_bmff_based_assets">C2PA
 * 2.2, A.5.3</a>). In a picture the manifest store grows where it stands.
 */
final class UpdatedCopy {

    private static final String MANIFEST = "manifest";

    /** As long as {@link #MANIFEST}. */
    private static final String ORIGINAL = "original";

    private static final String UPDATE = "update";

    private UpdatedCopy() {}

    /**
     * Writes the copy.
     *
     * @param source the signed file
     * @param file for messages
     * @param before the boxes of the manifests that the file carries
     * @param manifest the box of the update manifest
     * @param target empty
     * @param draft that the target is of
     * @throws IOException if reading or writing fails, or the file is not one that can be updated
     */
    static void write(
            FileChannel source, Path file, Collection<byte[]> before, byte[] manifest, FileChannel target, Path draft)
            throws IOException {
        try (CarrierFile carrier = CarrierFile.open(file)) {
            CarrierFormat format = CarrierFormat.of(carrier);
            switch (format) {
                case JPEG, PNG ->
                    picture(PictureCopy.of(source, file, format, carrier), store(before, manifest), target);
                case BMFF -> clip(source, file, manifest, target, draft);
                case GIF, RIFF, TIFF, PDF, ID3, FLAC, SVG, JPEG_XL, OTHER ->
                    throw new IOException(file + ": only manifests of MP4, JPEG and PNG files are updated");
            }
        } catch (CarrierException e) {
            throw new IOException(file + ": " + e.reason(), e);
        } catch (BmffException e) {
            throw new IOException(file + ": " + e.reason(), e);
        } catch (JumbfException e) {
            throw new IOException(file + ": its manifest store is not well-formed: " + e.reason(), e);
        }
    }

    private static void picture(PictureCopy copy, byte[] store, FileChannel target) throws IOException {
        byte[] grown = copy.wrap(store);
        try (SequentialOutput output = SequentialOutput.cached(target)) {
            copy.write(output, grown.length);
        }
        target.position(copy.manifestPosition());
        for (ByteBuffer bytes = ByteBuffer.wrap(grown); bytes.hasRemaining(); ) {
            target.write(bytes);
        }
    }

    private static void clip(FileChannel source, Path file, byte[] manifest, FileChannel target, Path draft)
            throws BmffException, JumbfException, IOException {
        C2paBoxes boxes;
        try (BmffFile clip = BmffFile.open(file)) {
            boxes = C2paBoxes.of(clip);
        }
        long end = source.size();
        Place first = place(boxes, MANIFEST)
                .or(() -> place(boxes, ORIGINAL))
                .orElseThrow(() -> new IOException(file + ": carries no manifest"));
        Optional<Place> update = place(boxes, UPDATE);
        if (update.isPresent()) {
            if (update.get().end() != end) {
                throw new IOException(file + ": something follows its update manifest");
            }
            end = update.get().start();
        }
        List<byte[]> updates =
                boxes.update().isPresent() ? manifests(boxes.update().get()) : List.of();
        byte[] box = ManifestBox.of(UPDATE, store(updates, manifest));
        try (SequentialOutput output = source.size() >= ClipCopy.LARGE
                ? SequentialOutput.uncached(target, draft)
                : SequentialOutput.cached(target)) {
            output.transfer(source, 0, first.purposeStart(), Optional.empty());
            output.write(ORIGINAL.getBytes(StandardCharsets.US_ASCII));
            output.transfer(source, first.purposeStart() + ORIGINAL.length(), end, Optional.empty());
            output.write(box);
            output.finish();
        }
    }

    private static Optional<Place> place(C2paBoxes boxes, String purpose) {
        return boxes.places().stream()
                .filter(place -> place.purpose().equals(purpose))
                .findFirst();
    }

    private static List<byte[]> manifests(ByteBuffer store) throws JumbfException {
        List<byte[]> manifests = new ArrayList<>();
        for (JumbfBox.Super box : JumbfReader.read(store.duplicate()).superBoxes()) {
            byte[] bytes = new byte[box.raw().remaining()];
            box.raw().duplicate().get(bytes);
            manifests.add(bytes);
        }
        return manifests;
    }

    /** {@return a store with some manifests, and a further one} */
    static byte[] store(Collection<byte[]> before, byte[] manifest) {
        List<byte[]> manifests = new ArrayList<>(before);
        manifests.add(manifest);
        return SuperBox.of("c2pa", "c2pa", manifests.toArray(byte[][]::new)).bytes();
    }
}
