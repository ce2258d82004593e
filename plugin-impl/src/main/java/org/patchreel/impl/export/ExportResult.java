package org.patchreel.impl.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.AssetMetadata.SignedManifest;
import org.patchreel.api.FrameRate;

/**
 * What was handed over.
 *
 * @param folder absolute
 * @param rate of the timeline, frames per second
 * @param frames of the timeline
 * @param clips in their order
 * @param files relative to the folder, without the media
 */
public record ExportResult(Path folder, FrameRate rate, long frames, List<Clip> clips, List<Path> files) {

    /**
     * A clip on the timeline.
     *
     * @param assetId the asset's ID
     * @param file relative to the folder
     * @param reel by which an edit decision list names it
     * @param timecode of its first frame on the timeline
     * @param frames of the timeline that it fills
     * @param manifest that the file carries; empty if signing is or was off
     */
    public record Clip(
            String assetId, Path file, String reel, String timecode, long frames, Optional<SignedManifest> manifest) {}
}
