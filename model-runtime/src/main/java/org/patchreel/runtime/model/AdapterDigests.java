package org.patchreel.runtime.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.AssetMetadata.AdapterFile;
import org.patchreel.api.AssetMetadata.WeightFile;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.runtime.adapter.AdapterPart;
import org.patchreel.runtime.weights.WeightDigester;

/** The SHA-256 of adapters' files that were used. A file is read again when its size or time changes. May be used by any thread. */
final class AdapterDigests {

    /** A file as it was read. */
    private record Digested(AdapterPart part, String sha256) {
        boolean isOf(AdapterPart other) {
            return part.bytes() == other.bytes() && part.modified().equals(other.modified());
        }
    }

    private final Map<Path, Digested> digests = new ConcurrentHashMap<>();

    /**
     * Reads files that were not read before.
     *
     * @param parts to read
     * @throws IOException if one cannot be read
     */
    void read(List<AdapterPart> parts) throws IOException {
        for (AdapterPart part : parts) {
            @Nullable Digested known = digests.get(part.file());
            if (known == null || !known.isOf(part)) {
                digests.put(part.file(), new Digested(part, WeightDigester.sha256(part.file())));
            }
        }
    }

    /**
     * {@return what is known of files that were read}
     *
     * @param parts as they are now
     * @throws GenerationException with {@link Reason#UNSUPPORTED} if one was not read, or is another one since
     */
    List<AdapterFile> of(List<AdapterPart> parts) throws GenerationException {
        List<AdapterFile> files = new ArrayList<>();
        for (AdapterPart part : parts) {
            @Nullable Digested known = digests.get(part.file());
            if (known == null || !known.isOf(part)) {
                throw new GenerationException(
                        Reason.UNSUPPORTED,
                        "adapter " + part.adapter().name() + " was changed while the clip was made: " + part.file());
            }
            files.add(new AdapterFile(part.adapter(), new WeightFile(part.path(), known.sha256())));
        }
        return List.copyOf(files);
    }
}
