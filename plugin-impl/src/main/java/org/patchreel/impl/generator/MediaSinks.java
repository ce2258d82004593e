package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.OutputKind;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.aigc.AigcLabel;
import org.patchreel.impl.label.VisibleLabel;
import org.patchreel.impl.media.ConfiguredEncoder;
import org.patchreel.impl.media.FrameScaler;
import org.patchreel.impl.media.KeptClip;
import org.patchreel.impl.media.PreviewImages;
import org.patchreel.impl.media.StillImage;
import org.patchreel.spi.FrameSink;

/** Scaler, frame rate converter, watermark, preview images, encoder; for a still, a PNG file in place of the last two. */
final class MediaSinks implements ClipSinks {

    private final ConfiguredEncoder encoder;
    private final JobPreviews previews;

    MediaSinks(ConfiguredEncoder encoder, JobPreviews previews) {
        this.encoder = encoder;
        this.previews = previews;
    }

    @Override
    public FrameSink open(Path directory, WorkOrder order, List<KeptClip> kept, Marks marking) throws IOException {
        VideoFormat format = order.format();
        FrameSink files = previews.watch(
                order.id(), order.kind() == OutputKind.STILL ? still(directory, order) : clip(directory, order, kept));
        // Marking takes longer than encoding: each on a thread of its own.
        FrameSink encoded = BackgroundSink.open(() -> files);
        Optional<FrameSink> master = order.hasMaster()
                ? Optional.of(BackgroundSink.open(() -> encoder(AssetFile.MASTER, directory, order, kept)))
                : Optional.empty();
        try {
            FrameSink marked = marking.into(encoded, master);
            // the model makes frames between those of a clip in the clip's rate
            return new FrameScaler(
                    format.size(), order.interpolated().isPresent() ? marked : new JoinedShots(order, marked));
        } catch (RuntimeException | Error e) {
            FrameSink other = master.orElse(FrameSink.discarding());
            try (encoded;
                    other) {
                throw e;
            }
        }
    }

    private FrameSink clip(Path directory, WorkOrder order, List<KeptClip> kept) throws IOException {
        return new PreviewImages(
                order.format(),
                LabelledSpans.nearestToTheMiddle(order),
                directory.resolve(AssetFile.POSTER.fileName()),
                directory.resolve(AssetFile.CONTACT_SHEET.fileName()),
                encoder(AssetFile.CLIP, directory, order, kept));
    }

    /** The label of the file's metadata stands in both: where a law lets the visible one go, it wants this one still. */
    private FrameSink encoder(AssetFile file, Path directory, WorkOrder order, List<KeptClip> kept) throws IOException {
        return encoder.open(
                directory.resolve(file.fileName()),
                order.format(),
                kept,
                aigc(order).map(label -> Map.of(AigcLabel.KEY, label.json())).orElse(Map.of()));
    }

    private static FrameSink still(Path directory, WorkOrder order) {
        return new StillImage(
                directory.resolve(AssetFile.STILL.fileName()),
                directory.resolve(AssetFile.POSTER.fileName()),
                aigc(order).map(AigcLabel::xmp));
    }

    private static Optional<AigcLabel> aigc(WorkOrder order) {
        return order.label().flatMap(VisibleLabel::producer).map(producer -> AigcLabel.generated(producer, order.id()));
    }

    @Override
    public String codec(WorkOrder order) {
        return order.kind() == OutputKind.STILL ? AssetMetadata.STILL_CODEC : encoder.name();
    }
}
