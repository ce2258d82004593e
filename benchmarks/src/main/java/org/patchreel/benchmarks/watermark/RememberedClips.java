package org.patchreel.benchmarks.watermark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintMatcher;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Effort;
import org.patchreel.impl.verify.LumaPictures;
import org.patchreel.impl.verify.ManifestRepository;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.watermark.MarkId;

/** The fingerprints of the clips that were marked, in a store as the product has one. */
final class RememberedClips implements AutoCloseable {
    /** As many as the product compares. */
    private static final int COMPARED = 16;

    private final ManifestRepository store;

    private final FingerprintMatcher matcher = new FingerprintMatcher();

    /**
     * Opens the store.
     *
     * @param file of earlier runs too, whose clips stay
     */
    RememberedClips(Path file) {
        store = new ManifestRepository(file, null);
    }

    void remember(String clip, MarkId id, Fingerprint fingerprint) throws IOException {
        store.put(new StoredManifest(
                clip,
                id.bytes(),
                "urn:c2pa:" + clip,
                clip.getBytes(StandardCharsets.UTF_8),
                fingerprint,
                Instant.EPOCH));
    }

    /** {@return the IDs of the clips whose pictures a file shows} */
    List<MarkId> shownBy(Path file) throws IOException {
        Set<MarkId> ids = new LinkedHashSet<>();
        for (FilePictures pictures : new LumaPictures().read(file, List.of())) {
            for (StoredManifest clip : store.findByPictures(pictures, COMPARED)) {
                if (matcher.match(pictures, clip.fingerprint(), Effort.WHOLE).isPresent()) {
                    ids.add(MarkId.parse(clip.watermarkHex()));
                }
            }
        }
        return List.copyOf(ids);
    }

    @Override
    public void close() {
        store.close();
    }
}
