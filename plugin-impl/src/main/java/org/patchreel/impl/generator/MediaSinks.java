package org.patchreel.impl.generator;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.OutputKind;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ConfiguredEncoder;
import org.patchreel.impl.media.FrameRateConverter;
import org.patchreel.impl.media.FrameScaler;
import org.patchreel.impl.media.PreviewImages;
import org.patchreel.impl.media.StillImage;
import org.patchreel.spi.FrameSink;

/** Scaler, frame rate converter, watermark, preview images, encoder; for a still, a PNG file in place of the last two. */
final class MediaSinks implements ClipSinks {

    private final ConfiguredEncoder encoder;

    MediaSinks(ConfiguredEncoder encoder) {
        this.encoder = encoder;
    }

    @Override
    public FrameSink open(Path directory, WorkOrder order, UnaryOperator<FrameSink> marking) throws IOException {
        VideoFormat format = order.format();
        FrameSink files = order.kind() == OutputKind.STILL ? still(directory) : clip(directory, format);
        // Marking takes longer than encoding: each on a thread of its own.
        FrameSink encoded = BackgroundSink.open(() -> files);
        try {
            FrameSink marked = marking.apply(encoded);
            // the frame of the continued clip tells the converter when the first made one is due
            int known = order.beginsWithKnownFrame() ? 1 : 0;
            return new FrameScaler(
                    format.size(),
                    new FrameRateConverter(order.timing(), known + order.made(), new SkippedFrames(known, marked)));
        } catch (RuntimeException | Error e) {
            try (encoded) {
                throw e;
            }
        }
    }

    private FrameSink clip(Path directory, VideoFormat format) throws IOException {
        return new PreviewImages(
                format,
                directory.resolve(AssetFile.POSTER.fileName()),
                directory.resolve(AssetFile.CONTACT_SHEET.fileName()),
                encoder.open(directory.resolve(AssetFile.CLIP.fileName()), format));
    }

    private static FrameSink still(Path directory) {
        return new StillImage(
                directory.resolve(AssetFile.STILL.fileName()), directory.resolve(AssetFile.POSTER.fileName()));
    }

    @Override
    public String codec(WorkOrder order) {
        return order.kind() == OutputKind.STILL ? AssetMetadata.STILL_CODEC : encoder.name();
    }
}
