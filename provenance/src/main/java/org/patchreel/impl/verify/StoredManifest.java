package org.patchreel.impl.verify;

import java.time.Instant;
import java.util.HexFormat;
import org.patchreel.impl.fingerprint.Fingerprint;

/** What a {@link ManifestRepository} remembers of a clip. Immutable. */
public final class StoredManifest {

    /** Length of a watermark's ID. */
    public static final int WATERMARK_ID_BYTES = 8;

    /** Stands between the ID of a clip's asset and what tells a further file that was made of that clip. */
    private static final char FURTHER = '/';

    private final String recordId;
    private final byte[] watermarkId;
    private final String manifestLabel;
    private final byte[] manifest;
    private final Fingerprint fingerprint;
    private final Instant created;

    /**
     * Puts together what is known.
     *
     * @param recordId the asset's ID; for a further file of that clip, see {@link #furtherId}
     * @param watermarkId 8 bytes, or none if the clip was not marked
     * @param manifestLabel label of the active manifest, {@code urn:c2pa:…}
     * @param manifest the C2PA manifest store that the clip carries, as it stands in the file
     * @param fingerprint of the clip's pictures
     * @param created when the clip was made
     * @throws IllegalArgumentException if the watermark's ID has another length, or the asset's ID, the label or the manifest
     *     is empty
     */
    public StoredManifest(
            String recordId,
            byte[] watermarkId,
            String manifestLabel,
            byte[] manifest,
            Fingerprint fingerprint,
            Instant created) {
        if (watermarkId.length != 0 && watermarkId.length != WATERMARK_ID_BYTES) {
            throw new IllegalArgumentException("a watermark's ID has " + WATERMARK_ID_BYTES + " bytes, not "
                    + watermarkId.length + " (record " + recordId + ")");
        }
        if (recordId.isEmpty() || manifestLabel.isEmpty() || manifest.length == 0) {
            throw new IllegalArgumentException("record ID, label and manifest must not be empty: record \"" + recordId
                    + "\", label \"" + manifestLabel + "\", manifest of " + manifest.length + " bytes");
        }
        this.recordId = recordId;
        this.watermarkId = watermarkId.clone();
        this.manifestLabel = manifestLabel;
        this.manifest = manifest.clone();
        this.fingerprint = fingerprint;
        this.created = created;
    }

    /**
     * {@return the ID of the record of a further file that was made of a clip and signed with a manifest of its own}
     *
     * @param assetId the clip's
     * @param label of the file's manifest
     */
    public static String furtherId(String assetId, String label) {
        return assetId + FURTHER + label;
    }

    /** {@return what the record is found by} */
    public String recordId() {
        return recordId;
    }

    /** {@return ID of the clip's asset} */
    public String assetId() {
        return isFurther() ? recordId.substring(0, recordId.indexOf(FURTHER)) : recordId;
    }

    /** {@return whether it is not the clip itself but a further file that was made of it} */
    public boolean isFurther() {
        return recordId.indexOf(FURTHER) >= 0;
    }

    /** {@return 8 bytes, or none if the clip was not marked} */
    public byte[] watermarkId() {
        return watermarkId.clone();
    }

    /** {@return 16 hexadecimal digits, or none if the clip was not marked} */
    public String watermarkHex() {
        return HexFormat.of().formatHex(watermarkId);
    }

    /** {@return label of the active manifest} */
    public String manifestLabel() {
        return manifestLabel;
    }

    /** {@return the C2PA manifest store} */
    public byte[] manifest() {
        return manifest.clone();
    }

    /** {@return fingerprint of the clip's pictures} */
    public Fingerprint fingerprint() {
        return fingerprint;
    }

    /** {@return when the clip was made} */
    public Instant created() {
        return created;
    }
}
