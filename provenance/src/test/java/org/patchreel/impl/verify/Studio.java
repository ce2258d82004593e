package org.patchreel.impl.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.FrameInterpolation;
import org.patchreel.api.FrameRate;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.AiDisclosure;
import org.patchreel.impl.c2pa.EmbeddedManifest;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.c2pa.cose.TrustList;
import org.patchreel.impl.c2pa.validation.ManifestValidator;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.impl.media.ClipReader;
import org.patchreel.impl.media.FrameRateConverter;
import org.patchreel.impl.media.FrameScaler;
import org.patchreel.impl.media.FrameTiming;
import org.patchreel.impl.media.TestEncoders;
import org.patchreel.impl.signing.DevelopmentSigner;
import org.patchreel.impl.watermark.SeededWatermarks;
import org.patchreel.spi.ClaimSigner;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.Watermarker;

/** An installation in small: makes marked, signed and remembered clips of made-up scenes, and files out of their frames. */
public final class Studio implements AutoCloseable {

    public static final VideoFormat FORMAT = new VideoFormat(640, 384, 49, 24);

    /** Scenes are drawn smaller and enlarged: fine texture comes from a grain that is the same in all frames. */
    private static final int ENLARGED = 4;

    /** With this mark a trimmed copy of {@link RecoveryTest}'s first clip can look as if it ran faster. */
    private static final long FIRST_ID = 0x47e5319293c100abL;

    public final Watermarker watermarker = SeededWatermarks.of(1, FIRST_ID);
    public final ManifestValidator validator =
            new ManifestValidator(TrustList.read(List.of(), Set.of()), Clock.systemUTC());
    public final ManifestRepository store;
    public final ClaimSigner.Credential credential;

    public Studio(Path folder) throws IOException, GeneralSecurityException {
        store = new ManifestRepository(folder.resolve("manifests.db"), null);
        credential = DevelopmentSigner.in(folder.resolve("secrets"));
    }

    public RecoveringVerifier verifier() {
        return new RecoveringVerifier(watermarker, validator, store);
    }

    /** Makes a clip as the pipeline does: mark, fingerprint, encode, sign, remember. */
    public StoredManifest make(String asset, long seed, Path file) throws IOException, GeneralSecurityException {
        FrameTiming same = new FrameTiming(FORMAT.frameRate(), FORMAT.frameRate(), FrameInterpolation.REPEAT);
        return make(asset, frames(seed), FORMAT, same, file);
    }

    /** As above, of frames of another size and rate. */
    StoredManifest make(String asset, List<VideoFrame> frames, VideoFormat format, FrameTiming timing, Path file)
            throws IOException, GeneralSecurityException {
        FingerprintingSink fingerprinting =
                new FingerprintingSink(format, TestEncoders.h264().open(file, format));
        Watermarker.MarkingSink marking = watermarker.mark(format, fingerprinting);
        byte[] mark = marking.id();
        try (FrameSink sink =
                new FrameScaler(format.size(), new FrameRateConverter(timing, format.frameCount(), marking))) {
            for (VideoFrame frame : frames) {
                sink.accept(frame);
            }
        }
        ManifestDescription description = new ManifestDescription(
                asset,
                Instant.now(),
                "Patchreel",
                "1",
                new AiDisclosure("starter"),
                Optional.of(new ManifestDescription.SoftBinding(
                        watermarker.algorithm(), HexFormat.of().formatHex(mark))),
                Duration.ofMillis(Math.round(1000 * format.seconds())),
                Optional.empty(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
        EmbeddedManifest manifest = new ManifestEmbedder(validator).embed(file, description, credential);
        StoredManifest clip = new StoredManifest(
                asset, mark, manifest.label(), manifest.store(), fingerprinting.fingerprint(), Instant.now());
        store.put(clip);
        return clip;
    }

    /** Unmarked frames of a scene, with some colour and grain. */
    static List<VideoFrame> frames(long seed) {
        int width = FORMAT.width();
        int height = FORMAT.height();
        byte[] grain = new byte[width * height];
        new Random(seed).nextBytes(grain);
        Scene scene = new Scene(seed);
        VideoFormat small = new VideoFormat(
                width / ENLARGED / 16 * 16, height / ENLARGED / 16 * 16, FORMAT.frameCount(), FORMAT.frameRate());
        List<VideoFrame> frames = new ArrayList<>();
        for (int i = 0; i < FORMAT.frameCount(); i++) {
            ByteBuffer from = scene.frame(small, i).rgb();
            ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
            for (int at = 0; at < width * height; at++) {
                int x = at % width * small.width() / width;
                int y = at / width * small.height() / height;
                int luma = (from.get(3 * (y * small.width() + x)) & 0xff) + grain[at] / 16;
                rgb.put(clamped(luma + 10)).put(clamped(luma)).put(clamped(luma - 10));
            }
            frames.add(new VideoFrame(width, height, rgb.flip()));
        }
        return frames;
    }

    static byte clamped(int value) {
        return (byte) Math.max(0, Math.min(255, value));
    }

    /** Decodes all frames of a clip. */
    public static List<VideoFrame> decoded(Path clip) throws IOException {
        List<VideoFrame> frames = new ArrayList<>();
        try (ClipReader reader = ClipReader.open(clip)) {
            for (Optional<VideoFrame> frame = reader.next(); frame.isPresent(); frame = reader.next()) {
                VideoFrame each = frame.get();
                ByteBuffer copy = ByteBuffer.allocate(each.rgb().remaining());
                frames.add(new VideoFrame(
                        each.width(),
                        each.height(),
                        copy.put(each.rgb().duplicate()).flip()));
            }
        }
        return frames;
    }

    /** Encodes frames, 4n+1 of them, without a manifest. */
    public static Path encode(Path file, List<VideoFrame> frames, int quality) throws IOException {
        return encode(file, frames, FORMAT.frameRate(), quality);
    }

    static Path encode(Path file, List<VideoFrame> frames, FrameRate rate, int quality) throws IOException {
        int count = frames.size() / 4 * 4 + (frames.size() % 4 == 0 ? -3 : 1);
        VideoFrame first = frames.get(0);
        VideoFormat format = new VideoFormat(first.width(), first.height(), count, rate);
        try (FrameSink encoder = TestEncoders.configured("h264", quality).open(file, format)) {
            for (VideoFrame frame : frames.subList(0, count)) {
                encoder.accept(frame);
            }
        }
        return file;
    }

    /** Half the size: each pixel the mean of four. */
    static VideoFrame halved(VideoFrame frame) {
        int width = frame.width() / 2;
        int height = frame.height() / 2;
        ByteBuffer rgb = ByteBuffer.allocate(3 * width * height);
        ByteBuffer from = frame.rgb();
        for (int i = 0; i < 3 * width * height; i++) {
            int channel = i % 3;
            int x = i / 3 % width;
            int y = i / 3 / width;
            int at = 3 * (2 * y * frame.width() + 2 * x) + channel;
            int below = at + 3 * frame.width();
            int sum = (from.get(at) & 0xff)
                    + (from.get(at + 3) & 0xff)
                    + (from.get(below) & 0xff)
                    + (from.get(below + 3) & 0xff);
            rgb.put((byte) ((sum + 2) / 4));
        }
        return new VideoFrame(width, height, rgb.flip());
    }

    /** A frame below a white bar with black letters, or what looks like some. */
    static VideoFrame captioned(VideoFrame frame) {
        int width = frame.width();
        int bar = frame.height() / 3;
        ByteBuffer rgb = ByteBuffer.allocate(3 * width * (bar + frame.height()));
        for (int y = 0; y < bar; y++) {
            for (int x = 0; x < width; x++) {
                boolean letter = y > bar / 3 && y < 2 * bar / 3 && x > width / 5 && x < 4 * width / 5 && x / 6 % 3 > 0;
                for (int channel = 0; channel < 3; channel++) {
                    rgb.put((byte) (letter ? 10 : 245));
                }
            }
        }
        rgb.put(frame.rgb().duplicate());
        return new VideoFrame(width, bar + frame.height(), rgb.flip());
    }

    /** Two frames of one size side by side. */
    static VideoFrame beside(VideoFrame left, VideoFrame right) {
        int width = left.width();
        ByteBuffer rgb = ByteBuffer.allocate(2 * left.rgb().remaining());
        byte[] row = new byte[3 * width];
        for (int y = 0; y < left.height(); y++) {
            for (VideoFrame each : List.of(left, right)) {
                each.rgb().get(3 * y * width, row);
                rgb.put(row);
            }
        }
        return new VideoFrame(2 * width, left.height(), rgb.flip());
    }

    static Path copy(Path from, Path to) throws IOException {
        return Files.copy(from, to);
    }

    @Override
    public void close() {
        store.close();
    }
}
