package org.patchreel.impl.label;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ClipInfo;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.LabelledFrames;
import org.patchreel.impl.media.PreviewImages;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/** Makes the pictures of docs/labels: the frame amid a clip with the label of each profile. Arguments: a clip, a folder. */
final class LabelPictures {
    private LabelPictures() {}

    public static void main(String[] arguments) throws IOException {
        Path clip = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        for (LabelProfile profile : LabelProfile.values()) {
            VisibleLabel label = TestLabels.generated(Map.of(
                    "profile", profile.label(),
                    "producer", "Studio",
                    "locale", profile == LabelProfile.IN ? "hi" : "",
                    "position", profile == LabelProfile.CUSTOM ? "bottom" : "",
                    "text", profile == LabelProfile.CUSTOM ? "Made with AI by Example Studio" : ""));
            write(clip, label, folder.resolve(profile.label() + ".jpg"));
        }
    }

    private static void write(Path clip, VisibleLabel label, Path picture) throws IOException {
        Path sheet = Files.createTempFile("sheet", ".jpg");
        try (ClipReader reader = ClipReader.open(clip)) {
            FrameSink nowhere = new FrameSink() {
                @Override
                public void accept(VideoFrame frame) {}

                @Override
                public void close() {}
            };
            ClipInfo info = reader.info();
            VideoFormat format =
                    new VideoFormat(info.size().width(), info.size().height(), Math.toIntExact(info.frameCount()), (int)
                            Math.round(info.frameRate()));
            LabelImage image = LabelImage.of(label.look(), format.size());
            try (FrameSink sink =
                    new LabelledFrames(image, index -> true, new PreviewImages(format, picture, sheet, nowhere))) {
                for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                    sink.accept(frame.get());
                }
            }
        } finally {
            Files.delete(sheet);
        }
    }
}
