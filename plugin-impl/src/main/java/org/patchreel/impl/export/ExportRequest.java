package org.patchreel.impl.export;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.patchreel.api.AssetId;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.media.MezzanineCodec;

/**
 * What is to be handed over.
 *
 * @param assets in the order of the timeline, 1 to {@value Timeline#MAX_CLIPS}; one may occur more than once
 * @param folder that is made; its name is the timeline's
 * @param formats what to write beside the media; may be empty if there is a mezzanine, or for masters
 * @param mezzanine what to transcode the clips to; if it is empty, the media are the clips themselves
 * @param master whether the clips are those without their visible label
 */
public record ExportRequest(
        List<StoredAsset> assets,
        Path folder,
        Set<ExportFormat> formats,
        Optional<MezzanineCodec> mezzanine,
        boolean master) {

    /** The clips as they are delivered; see above. */
    public ExportRequest(
            List<StoredAsset> assets, Path folder, Set<ExportFormat> formats, Optional<MezzanineCodec> mezzanine) {
        this(assets, folder, formats, mezzanine, false);
    }

    /** The IDs become names of files. */

    /**
     * Checks what can be checked before anything is written.
     *
     * @throws IllegalArgumentException if there is nothing to do, too much, or a clip that the mezzanine's codec does not
     *     take; the message names the thing and the value
     */
    public ExportRequest {
        assets = List.copyOf(assets);
        formats = formats.isEmpty() ? Set.of() : EnumSet.copyOf(formats);
        if (assets.isEmpty() || assets.size() > Timeline.MAX_CLIPS) {
            throw new IllegalArgumentException(
                    "1 to " + Timeline.MAX_CLIPS + " clips go on a timeline, not " + assets.size());
        }
        if (formats.isEmpty() && mezzanine.isEmpty() && !master) {
            throw new IllegalArgumentException("neither a format nor a mezzanine nor masters are asked for");
        }
        for (StoredAsset asset : assets) {
            String id = AssetId.check(asset.metadata().id());
            try {
                mezzanine.ifPresent(
                        codec -> codec.checkSize(asset.metadata().format().size()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("asset " + id + ": " + e.getMessage(), e);
            }
        }
    }
}
