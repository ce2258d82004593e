package org.patchreel.impl.verify;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.patchreel.impl.fingerprint.Fingerprint;

/** Knows the clips and stills that were taken down, and recognises copies of them. May be called from any thread. */
public interface Takedowns {

    /**
     * A clip or still that was taken down.
     *
     * @param assetId ID of the asset
     * @param time when
     * @param reason as the operator has given it
     */
    record Takedown(String assetId, Instant time, String reason) {}

    /**
     * {@return whether an asset was taken down}
     *
     * @param id of the asset
     * @throws IOException if what was taken down cannot be read
     */
    Optional<Takedown> ofAsset(String id) throws IOException;

    /**
     * {@return what a file is a copy of, byte for byte}
     *
     * @param sha256 of the file, 64 hexadecimal digits
     * @throws IOException as above
     */
    Optional<Takedown> ofFile(String sha256) throws IOException;

    /**
     * {@return what carries a mark}
     *
     * @param watermark 16 hexadecimal digits
     * @throws IOException as above
     */
    Optional<Takedown> ofMark(String watermark) throws IOException;

    /**
     * {@return what shows the same pictures from beginning to end}
     *
     * @param fingerprint of a clip or still
     * @throws IOException as above
     */
    Optional<Takedown> ofPictures(Fingerprint fingerprint) throws IOException;
}
