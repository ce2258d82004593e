package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.api.VideoFormat;

/** Opens encoders as configured, and tells what this build of FFmpeg can do. May be called from any thread. */
@Component(service = VideoEncoders.class, configurationPid = "org.patchreel.media")
@Designate(ocd = VideoEncoders.Config.class)
public final class VideoEncoders {
    static final int DEFAULT_QUALITY = 80;

    @ObjectClassDefinition(name = "Patchreel video encoding", description = "How clips are encoded")
    @interface Config {
        @AttributeDefinition(
                description = "h264 plays everywhere; av1 makes files of about a third and takes several times as long",
                options = {@Option(label = "H.264", value = "h264"), @Option(label = "AV1", value = "av1")})
        String codec() default "h264";

        @AttributeDefinition(
                description = "1 (smallest files) to 100 (largest); from 80 on the loss cannot be seen",
                min = "1",
                max = "100")
        int quality() default DEFAULT_QUALITY;
    }

    private final List<Encoder> preferred;
    private final int quality;

    /**
     * Checks the configuration; the native library is loaded by the first call that needs it.
     *
     * @param config codec and quality
     * @throws IllegalArgumentException if a value is out of range
     */
    @Activate
    public VideoEncoders(Config config) {
        this(config.codec(), config.quality());
    }

    private VideoEncoders(String codec, int quality) {
        preferred = switch (codec.toLowerCase(Locale.ROOT)) {
            case "h264" -> List.of(Encoder.LIBX264, Encoder.LIBOPENH264);
            case "av1" -> List.of(Encoder.LIBAOM_AV1);
            default -> throw new IllegalArgumentException("codec must be h264 or av1: " + codec);
        };
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("quality must be 1 to 100: " + quality);
        }
        this.quality = quality;
    }

    /** {@return encoders as they are without any configuration, for use outside a framework} */
    public static VideoEncoders standard() {
        return new VideoEncoders("h264", DEFAULT_QUALITY);
    }

    /**
     * Begins a clip.
     *
     * @param file is created, or replaced
     * @param format of the frames that will come
     * @return the sink; belongs to one thread at a time
     * @throws IOException if the file cannot be written or the encoder does not take the format; the message names the
     *     file and the reason
     */
    public Mp4Encoder open(Path file, VideoFormat format) throws IOException {
        Encoder encoder;
        try {
            encoder = encoder();
        } catch (IllegalStateException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return new Mp4Encoder(file, format, encoder, quality);
    }

    /**
     * Names the encoder that {@link #open} uses.
     *
     * @return FFmpeg's name of it, for example {@code libopenh264}
     * @throws IllegalStateException if FFmpeg cannot be loaded or has no encoder for the configured codec
     */
    public String encoderName() {
        return encoder().ffmpegName();
    }

    private Encoder encoder() {
        load();
        return preferred.stream()
                .filter(encoder -> encoder.find() != null)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this build of FFmpeg has none of "
                        + String.join(
                                ", ",
                                preferred.stream().map(Encoder::ffmpegName).toList())));
    }

    /**
     * Lists the encoders for H.264, HEVC, AV1 and VP9 in this build; those of a device need that device.
     *
     * @return FFmpeg's names
     * @throws IllegalStateException if FFmpeg cannot be loaded
     */
    public List<String> available() {
        load();
        Set<Integer> codecs = Set.of(
                avcodec.AV_CODEC_ID_H264, avcodec.AV_CODEC_ID_HEVC, avcodec.AV_CODEC_ID_AV1, avcodec.AV_CODEC_ID_VP9);
        List<String> names = new ArrayList<>();
        try (PointerPointer<Pointer> position = new PointerPointer<>(1)) {
            position.put(0, (Pointer) null);
            for (AVCodec codec = avcodec.av_codec_iterate(position);
                    codec != null;
                    codec = avcodec.av_codec_iterate(position)) {
                if (avcodec.av_codec_is_encoder(codec) != 0 && codecs.contains(codec.id())) {
                    names.add(codec.name().getString());
                }
            }
        }
        return List.copyOf(names);
    }

    /**
     * Tells FFmpeg's version.
     *
     * @return for example {@code 8.1.2}
     * @throws IllegalStateException if FFmpeg cannot be loaded
     */
    public String ffmpegVersion() {
        load();
        return Ffmpeg.version();
    }

    /**
     * Tells the licence of this build of FFmpeg.
     *
     * @return for example {@code LGPL version 3 or later}
     * @throws IllegalStateException if FFmpeg cannot be loaded
     */
    public String license() {
        load();
        return Ffmpeg.license();
    }

    private static void load() {
        try {
            Ffmpeg.load();
        } catch (LinkageError e) {
            throw new IllegalStateException("FFmpeg cannot be loaded: " + e.getMessage(), e);
        }
    }
}
