package org.patchreel.impl.c2pa.validation;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.impl.c2pa.bmff.BmffException;
import org.patchreel.impl.c2pa.bmff.BmffFile;
import org.patchreel.impl.c2pa.bmff.C2paBoxes;
import org.patchreel.impl.c2pa.bmff.XmpBox;
import org.patchreel.impl.c2pa.carrier.Carrier;
import org.patchreel.impl.c2pa.carrier.CarrierException;
import org.patchreel.impl.c2pa.carrier.CarrierFile;
import org.patchreel.impl.c2pa.carrier.CarrierFormat;
import org.patchreel.impl.c2pa.carrier.RemoteManifest;
import org.patchreel.impl.c2pa.status.StatusCode;
import org.patchreel.impl.c2pa.status.StatusLog;

/**
 * Looks for the manifest of a file (C2PA 2.2, 15.5). That there is none is said only of a file that was looked into: one of a
 * format whose manifests are not read is told apart, and so is one that says its manifest is elsewhere.
 */
final class ManifestFinder {
    /** No file that is shorter has room for a manifest, whatever its format. */
    private static final int MIN_SIZE = 64;

    private ManifestFinder() {}

    /** Whether there is a manifest. */
    sealed interface Found {
        /** There is one, in a file that is open for the time being. */
        record In(Asset asset) implements Found {}

        /** There is none that could be validated; the report says why. */
        record Without(ProvenanceReport.Manifest report) implements Found {}
    }

    /** What is done with what was found. */
    interface Use<T> {
        T of(Found found) throws IOException;
    }

    /**
     * Opens a file and looks into it.
     *
     * @param use is called once, while the file is open
     * @throws IOException if the file cannot be read
     */
    static <T> T find(Path path, Use<T> use) throws IOException {
        try (CarrierFile file = CarrierFile.open(path)) {
            CarrierFormat format = CarrierFormat.of(file);
            return switch (format) {
                case JPEG, PNG, GIF, RIFF, TIFF -> use.of(in(Carrier.of(format, file)));
                case BMFF -> boxes(path, without(ProvenanceReport.Manifest.none()), use);
                case PDF, ID3, FLAC, SVG, JPEG_XL -> use.of(unread(format));
                case OTHER -> // boxes, the first one damaged
                    boxes(
                            path,
                            file.size() < MIN_SIZE ? without(ProvenanceReport.Manifest.none()) : unread(format),
                            use);
            };
        }
    }

    private static Found in(Carrier carrier) throws IOException {
        try {
            Carrier.Contents contents = carrier.contents();
            return contents.manifest().isPresent()
                    ? new Found.In(new Asset.Other(carrier, contents.manifest().get()))
                    : elsewhere(contents.xmp()).orElseGet(() -> without(ProvenanceReport.Manifest.none()));
        } catch (CarrierException e) {
            return without(ManifestState.INVALID, StatusCode.GENERAL_ERROR, "", e.reason());
        }
    }

    private static <T> T boxes(Path path, Found otherwise, Use<T> use) throws IOException {
        try (BmffFile file = BmffFile.open(path)) {
            return use.of(in(file, otherwise));
        }
    }

    private static Found in(BmffFile file, Found otherwise) throws IOException {
        try {
            C2paBoxes boxes = C2paBoxes.of(file);
            if (boxes.manifest().isPresent() || boxes.original().isPresent()) {
                if (!file.hasFileType()) {
                    throw new BmffException("there is a manifest, and the file does not begin with a box ftyp");
                }
                return new Found.In(new Asset.Bmff(file, boxes));
            }
            if (boxes.isSegment()) {
                return without(
                        ManifestState.UNREAD,
                        StatusCode.MANIFEST_UNREAD,
                        "",
                        "the file is a segment of a fragmented asset: it carries a Merkle proof only, and the manifest is in"
                                + " the asset's initialization segment");
            }
            if (file.damage().isPresent() && C2paBoxes.traceIn(file)) {
                throw new BmffException(
                        "the manifest cannot be reached: " + file.damage().get());
            }
            return elsewhere(XmpBox.of(file)).orElse(otherwise);
        } catch (BmffException e) {
            return without(ManifestState.INVALID, StatusCode.GENERAL_ERROR, "", e.reason());
        }
    }

    private static Optional<Found> elsewhere(Optional<byte[]> xmp) {
        Optional<URI> address = xmp.flatMap(RemoteManifest::in);
        return address.map(uri -> without(
                ManifestState.UNREAD,
                StatusCode.MANIFEST_INACCESSIBLE,
                uri.toString(),
                "the manifest of the file is said to be at " + uri + ", which is not fetched"));
    }

    private static Found unread(CarrierFormat format) {
        return without(ManifestState.UNREAD, StatusCode.MANIFEST_UNREAD, "", format.unread());
    }

    private static Found without(ManifestState state, StatusCode code, String url, String reason) {
        return without(new ProvenanceReport.Manifest(
                state,
                List.of(new StatusLog.Entry(code, Optional.empty(), url, reason).status()),
                "",
                "",
                Optional.empty(),
                List.of(),
                List.of()));
    }

    private static Found without(ProvenanceReport.Manifest report) {
        return new Found.Without(report);
    }
}
