package org.patchreel.benchmarks.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.FingerprintMatcher;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Effort;
import org.patchreel.impl.fingerprint.FingerprintMatcher.Match;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.LumaReader;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Compares every file with the fingerprint of every clip that it does not show, and counts how often they match: whole
 * pictures alone, and with the search for parts, which is tried when a mark has led to a clip. Each such match is a false
 * one if the files have nothing in common; which they are is printed, to be looked at.
 */
public final class FalseMatches {

    private FalseMatches() {}

    /**
     * Runs the comparison.
     *
     * @param args a folder of MP4 files, whose fingerprints are taken; folders of further videos and pictures
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] args) throws IOException {
        Map<Path, Fingerprint> clips = new LinkedHashMap<>();
        for (Path clip : files(Path.of(args[0]), ".mp4")) {
            clips.put(clip, fingerprint(clip));
        }
        List<Path> files = new ArrayList<>(clips.keySet());
        for (int i = 1; i < args.length; i++) {
            files.addAll(files(Path.of(args[i]), ".mp4", ".jpg", ".png", ".avi"));
        }
        FingerprintMatcher matcher = new FingerprintMatcher();
        Map<Effort, Count> counts = new EnumMap<>(Effort.class);
        for (Effort effort : Effort.values()) {
            counts.put(effort, new Count());
        }
        for (Path file : files) {
            FilePictures pictures = pictures(file);
            for (Map.Entry<Path, Fingerprint> clip : clips.entrySet()) {
                if (clip.getKey().equals(file)) {
                    continue;
                }
                counts.forEach((effort, count) -> {
                    long begin = System.nanoTime();
                    Optional<Match> match = matcher.match(pictures, clip.getValue(), effort);
                    count.nanos += System.nanoTime() - begin;
                    count.pairs++;
                    if (match.isPresent()) {
                        count.matches++;
                        System.out.println("MATCH " + effort + " " + file + " " + clip.getKey() + " " + match.get());
                    }
                });
            }
        }
        counts.forEach((effort, count) -> System.out.println(String.format(
                Locale.ROOT,
                "%s: %d of %d pairs match, %.1f ms each",
                effort,
                count.matches,
                count.pairs,
                count.nanos / 1e6 / Math.max(1, count.pairs))));
    }

    private static final class Count {
        private long pairs;
        private long matches;
        private long nanos;
    }

    private static List<Path> files(Path folder, String... extensions) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(extensions).anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        }
    }

    private static FilePictures pictures(Path file) throws IOException {
        FilePictures pictures = new FilePictures();
        try (LumaReader reader = LumaReader.open(file, 128, 512)) {
            while (reader.advance()) {
                pictures.add(
                        reader.luma(),
                        reader.size().width(),
                        reader.size().height(),
                        reader.time().toNanos() / 1e9);
            }
        }
        return pictures;
    }

    private static Fingerprint fingerprint(Path clip) throws IOException {
        try (ClipReader reader = ClipReader.open(clip)) {
            VideoFormat format =
                    new VideoFormat(16, 16, 1, (int) Math.round(reader.info().frameRate()));
            FingerprintingSink sink = new FingerprintingSink(format, FrameSink.discarding());
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                sink.accept(frame.get());
            }
            sink.close();
            return Fingerprint.fromBytes(sink.fingerprint().toBytes());
        }
    }
}
