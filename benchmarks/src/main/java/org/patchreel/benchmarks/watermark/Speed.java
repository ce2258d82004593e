package org.patchreel.benchmarks.watermark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.FrameScaler;
import org.patchreel.impl.watermark.DetectionResult;
import org.patchreel.impl.watermark.WatermarkDetector;
import org.patchreel.impl.watermark.WatermarkEmbedder;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * What marking and detection cost, beside FFmpeg on the same frames in the same run: marking beside an encode with x264 at
 * its medium preset on one thread, detection beside decoding on one thread. Writes {@code speed.md} and {@code .json}.
 */
final class Speed {
    private static final FrameSize FULL_HD = new FrameSize(1920, 1088); // sides are multiples of 16
    private static final FrameSize HD = new FrameSize(1280, 720);
    private static final int FRAMES = 49;
    private static final int WARM_UP_CLIPS = 2;
    private static final int CLIPS = 4;
    private static final int DETECTIONS = 5;
    private static final Pattern BENCH = Pattern.compile("bench: utime=([0-9.]+)s stime=([0-9.]+)s rtime=([0-9.]+)s");

    private final Options options;
    private final WatermarkEmbedder embedder = new WatermarkEmbedder(EvaluationKeys.key());
    private final WatermarkDetector detector = new WatermarkDetector(List.of(EvaluationKeys.key()));

    Speed(Options options) {
        this.options = options;
    }

    /**
     * Measures.
     *
     * @return the exit status, 0
     * @throws IOException if the clip cannot be read, FFmpeg fails or the results cannot be written
     * @throws InterruptedException if this thread is interrupted
     */
    int run() throws IOException, InterruptedException {
        Files.createDirectories(options.out());
        Path clip = options.chosenClips().get(0);
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("machine", Machine.description());
        results.put("clip", Options.clipName(clip));
        marking(clip, results);
        detection(clip, results);
        results.forEach((name, value) -> System.out.println(name + ": " + value));
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(options.out().resolve("speed.json").toFile(), results);
        StringBuilder page = new StringBuilder(
                "# What the watermark costs\n\n" + Machine.description() + "\n\n| what | value |\n| --- | ---: |\n");
        results.forEach((name, value) -> {
            if (value instanceof Double number) {
                page.append(String.format(Locale.ROOT, "| %s | %.3g |%n", name, number));
            }
        });
        Files.writeString(options.out().resolve("speed.md"), page);
        return 0;
    }

    private void marking(Path clip, Map<String, Object> results) throws IOException, InterruptedException {
        VideoFormat format = new VideoFormat(FULL_HD.width(), FULL_HD.height(), FRAMES, 24);
        List<VideoFrame> frames = frames(clip, format);
        List<Double> perFrame = new ArrayList<>();
        for (int i = 0; i < WARM_UP_CLIPS + CLIPS; i++) {
            long start = threadNanos();
            try (FrameSink marker = embedder.mark(EvaluationKeys.id("speed"), format, FrameSink.discarding())) {
                for (VideoFrame frame : frames) {
                    marker.accept(frame);
                }
            }
            if (i >= WARM_UP_CLIPS) {
                perFrame.add((threadNanos() - start) / 1e6 / FRAMES);
            }
        }
        double marked = median(perFrame);
        results.put(
                "marking a frame of " + FULL_HD + " on one thread, choice of the strength included, CPU, ms", marked);

        Path raw = options.out().resolve("speed.rgb");
        try {
            writeRaw(raw, frames);
            String size = FULL_HD.toString();
            List<Double> encoding = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                encoding.add(cpuSeconds(
                                "-f",
                                "rawvideo",
                                "-pix_fmt",
                                "rgb24",
                                "-s",
                                size,
                                "-r",
                                "24",
                                "-i",
                                raw.toString(),
                                "-pix_fmt",
                                "yuv420p",
                                "-c:v",
                                "libx264",
                                "-preset",
                                "medium",
                                "-crf",
                                "20",
                                "-threads",
                                "1",
                                "-f",
                                "null",
                                "-")
                        * 1000
                        / FRAMES);
            }
            double encoded = median(encoding);
            results.put("encoding such a frame, x264 -preset medium -crf 20 -threads 1, CPU, ms", encoded);
            results.put("ratio of marking to encoding", marked / encoded);
        } finally {
            Files.deleteIfExists(raw);
        }
    }

    private void detection(Path clip, Map<String, Object> results) throws IOException, InterruptedException {
        Path small = options.out().resolve("speed-unmarked.mp4");
        Path marked = options.out().resolve("speed-marked.mp4");
        Path turned = options.out().resolve("speed-turned.mp4");
        try {
            ffmpeg(
                    "-i",
                    clip.toString(),
                    "-vf",
                    "scale=" + HD.width() + ":" + HD.height(),
                    "-c:v",
                    "libx264",
                    "-crf",
                    "20",
                    small.toString());
            MarkedClip made = MarkedClip.make(embedder, EvaluationKeys.id("speed"), small, marked);
            ffmpeg(
                    "-i",
                    marked.toString(),
                    "-vf",
                    "rotate=3*PI/180",
                    "-c:v",
                    "libx264",
                    "-crf",
                    "23",
                    turned.toString());
            double decoding = median(List.of(decoding(marked), decoding(marked), decoding(marked)));
            results.put("length of the clip of " + HD + ", s", made.format().seconds());
            results.put("decoding it with FFmpeg on one thread, CPU, s", decoding);
            examine("of an untouched mark", marked, decoding, results);
            examine("of a mark turned by 3°", turned, decoding, results);
            examine("without a mark, the whole search", small, decoding, results);
        } finally {
            Files.deleteIfExists(small);
            Files.deleteIfExists(marked);
            Files.deleteIfExists(turned);
        }
    }

    private void examine(String what, Path file, double decoding, Map<String, Object> results) throws IOException {
        List<Double> seconds = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        String stage = "nothing found";
        for (int i = 0; i < DETECTIONS; i++) {
            long start = System.nanoTime();
            long startProcessor = processNanos();
            DetectionResult result = detector.examine(file);
            seconds.add((System.nanoTime() - start) / 1e9);
            processor.add((processNanos() - startProcessor) / 1e9);
            stage = result.marks().stream()
                    .map(mark -> mark.stage())
                    .findFirst()
                    .orElse(stage);
        }
        results.put("detection " + what + " (" + stage + "), s", median(seconds));
        results.put("detection " + what + ", CPU, s", median(processor));
        results.put("detection " + what + ", CPU, as a ratio to decoding", median(processor) / decoding);
    }

    private static double decoding(Path file) throws IOException, InterruptedException {
        return cpuSeconds("-threads", "1", "-i", file.toString(), "-f", "null", "-");
    }

    /** The clip's first frames, scaled; the last one again and again if there are too few. */
    private static List<VideoFrame> frames(Path clip, VideoFormat format) throws IOException {
        List<VideoFrame> frames = new ArrayList<>();
        try (ClipReader reader = ClipReader.open(clip);
                FrameSink scaler = new FrameScaler(format.size(), new Kept(frames))) {
            for (int i = 0; i < format.frameCount(); i++) {
                var frame = reader.next();
                if (frame.isPresent()) {
                    scaler.accept(frame.get());
                } else {
                    frames.add(frames.get(i - 1));
                }
            }
        }
        return frames;
    }

    private static void writeRaw(Path file, List<VideoFrame> frames) throws IOException {
        try (var channel = Files.newByteChannel(
                file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            for (VideoFrame frame : frames) {
                ByteBuffer rgb = frame.rgb().duplicate();
                while (rgb.hasRemaining()) {
                    channel.write(rgb);
                }
            }
        }
    }

    private static double cpuSeconds(String... arguments) throws IOException, InterruptedException {
        Matcher bench = BENCH.matcher(ffmpeg(arguments));
        if (!bench.find()) {
            throw new IOException("ffmpeg -benchmark told no times");
        }
        return Double.parseDouble(bench.group(1)) + Double.parseDouble(bench.group(2));
    }

    private static String ffmpeg(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ffmpeg", "-nostdin", "-y", "-benchmark"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    /** CPU time of this thread: other work on the machine does not count. */
    private static long threadNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** CPU time of all threads of this process, the decoder's included. */
    private static long processNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /** Keeps copies of frames. */
    private record Kept(List<VideoFrame> frames) implements FrameSink {
        @Override
        public void accept(VideoFrame frame) {
            ByteBuffer copy = ByteBuffer.allocate(frame.rgb().remaining());
            copy.put(frame.rgb().duplicate()).flip();
            frames.add(new VideoFrame(frame.width(), frame.height(), copy));
        }

        @Override
        public void close() {}
    }
}
