package org.patchreel.impl.watermark;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.LabelImage;
import org.patchreel.impl.media.LabelLook;
import org.patchreel.impl.media.LabelPosition;
import org.patchreel.impl.media.LabelledFrames;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.media.TestFrames.Collector;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Measures what a label does to the watermark, and the watermark to a label, for docs/decisions/0016: the label on all frames, drawn
 * before they are marked and after. Prints a row of a table for each clip.
 */
final class LabelMeasurement {

    private static final int FRAMES = 16;
    private static final int RATE = 8;
    private static final MarkId ID = new MarkId(0xfedcba9876543210L);
    private static final WatermarkKey KEY = WatermarkKey.derive(new byte[WatermarkKey.SECRET_BYTES]);

    private LabelMeasurement() {}

    /** Where the label is drawn. */
    private enum Order {
        NONE,
        BEFORE,
        AFTER
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("| frames | size | quality | label | height % | mark read | t | ρ | PSNR of the box, dB |");
        out.println("|---|---|---|---|---|---|---|---|---|");
        for (FrameSize size : List.of(new FrameSize(640, 360), new FrameSize(360, 640), new FrameSize(768, 768))) {
            for (int quality : new int[] {80, 65}) {
                row(out, "textured", size, quality, Order.NONE, 5);
                for (int height : new int[] {5, 8}) {
                    row(out, "textured", size, quality, Order.BEFORE, height);
                    row(out, "textured", size, quality, Order.AFTER, height);
                }
            }
            for (Order order : Order.values()) {
                row(out, "flat", size, 80, order, 5);
            }
        }
    }

    private static void row(PrintStream out, String kind, FrameSize size, int quality, Order order, int height)
            throws IOException {
        IntFunction<VideoFrame> frames = kind.equals("flat")
                ? time -> TexturedFrames.sky(size.width(), size.height(), time)
                : time -> TexturedFrames.frame(size.width(), size.height(), time);
        LabelImage label = LabelImage.of(new LabelLook("AI GENERATED", LabelPosition.TOP_RIGHT, height, 75), size);
        UnaryOperator<FrameSink> drawn = next -> new LabelledFrames(label, index -> true, next);
        Collector made = new Collector();
        try (FrameSink sink = sink(size, order, drawn, made)) {
            for (int i = 0; i < FRAMES; i++) {
                sink.accept(frames.apply(i));
            }
        }
        Path file = Files.createTempFile("label", ".mp4");
        try {
            VideoFormat format = new VideoFormat(size.width(), size.height(), FRAMES, RATE);
            try (FrameSink encoder =
                    TestEncoders.configured("h264", quality).configured().open(file, format)) {
                for (VideoFrame frame : made.frames) {
                    encoder.accept(frame);
                }
            }
            DetectionResult result = new WatermarkDetector(List.of(KEY)).examine(file);
            Collector pure = new Collector();
            try (FrameSink sink = drawn.apply(pure)) {
                sink.accept(frames.apply(0));
            }
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %d | %s | %s | %s | %.1f | %.2f | %s |%n",
                    kind,
                    size,
                    quality,
                    order.name().toLowerCase(Locale.ROOT),
                    order == Order.NONE ? "" : height,
                    result.marks().stream().anyMatch(mark -> mark.id().equals(ID)) ? "yes" : "no",
                    result.marks().stream()
                            .mapToDouble(DetectedMark::syncStatistic)
                            .max()
                            .orElse(result.syncStatistic()),
                    result.correlation(),
                    order == Order.NONE ? "" : psnr(label, pure.frames.get(0), made.frames.get(0)));
        } finally {
            Files.delete(file);
        }
    }

    private static FrameSink sink(FrameSize size, Order order, UnaryOperator<FrameSink> drawn, FrameSink made) {
        VideoFormat format = new VideoFormat(size.width(), size.height(), FRAMES, RATE);
        WatermarkEmbedder embedder = new WatermarkEmbedder(KEY);
        return switch (order) {
            case NONE -> embedder.mark(ID, format, made);
            case BEFORE -> drawn.apply(embedder.mark(ID, format, made));
            case AFTER -> embedder.mark(ID, format, drawn.apply(made));
        };
    }

    private static String psnr(LabelImage label, VideoFrame pure, VideoFrame made) {
        ByteBuffer one = pure.rgb();
        ByteBuffer other = made.rgb();
        double squares = 0;
        long count = 0;
        Rectangle box = label.box();
        for (int y = box.y; y < box.y + box.height; y++) {
            for (int at = 3 * (y * pure.width() + box.x); at < 3 * (y * pure.width() + box.x + box.width); at++) {
                int difference = (one.get(at) & 255) - (other.get(at) & 255);
                squares += (double) difference * difference;
                count++;
            }
        }
        return squares == 0 ? "∞" : String.format(Locale.ROOT, "%.1f", 10 * Math.log10(255.0 * 255 * count / squares));
    }
}
