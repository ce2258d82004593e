package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ComponentStatus;
import org.patchreel.spi.ConfigurationValues;
import org.patchreel.spi.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens encoders as configured, and tells what this build of FFmpeg can do. May be called from any thread. */
@Component(
        service = {VideoEncoders.class, ComponentStatus.class},
        configurationPid = VideoEncoders.PID)
@Designate(ocd = VideoEncoders.Config.class)
public final class VideoEncoders implements ComponentStatus {
    static final String PID = "org.patchreel.media";

    static final int DEFAULT_QUALITY = 80;

    private static final Logger LOG = LoggerFactory.getLogger(VideoEncoders.class);
    private static final List<Encoder> H264 = List.of(Encoder.LIBX264, Encoder.LIBOPENH264);
    private static final List<Encoder> AV1 = List.of(Encoder.LIBAOM_AV1);

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

    private final Settings<ConfiguredEncoder> settings;

    /**
     * Checks the configuration; the native library is loaded by the first call that needs it.
     *
     * @param config codec and quality
     * @param properties of the component
     */
    @Activate
    public VideoEncoders(Config config, Map<String, Object> properties) {
        this(new Settings<>(PID, properties, values -> encoder(values, config)));
    }

    private VideoEncoders(Settings<ConfiguredEncoder> settings) {
        this.settings = settings;
        warn();
    }

    @Modified
    void modified(Config config, Map<String, Object> properties) {
        settings.update(PID, properties, values -> encoder(values, config));
        warn();
    }

    private static ConfiguredEncoder encoder(ConfigurationValues values, Config config) {
        return new ConfiguredEncoder(
                values.option(
                        "codec",
                        () -> config.codec().strip().toLowerCase(Locale.ROOT),
                        List.of(Map.entry("h264", H264), Map.entry("av1", AV1))),
                values.integer("quality", config::quality, 1, 100));
    }

    private void warn() {
        problem().ifPresent(problem -> LOG.warn(problem.line()));
    }

    /** {@return encoders as they are without any configuration, for use outside a framework} */
    public static VideoEncoders standard() {
        return new VideoEncoders(new Settings<>(new ConfiguredEncoder(H264, DEFAULT_QUALITY)));
    }

    @Override
    public Optional<Problem> problem() {
        return settings.problem();
    }

    /**
     * How clips that begin now are encoded.
     *
     * @throws org.patchreel.spi.ConfigurationException if there was no good configuration yet
     */
    public ConfiguredEncoder configured() {
        return settings.get();
    }

    /** Begins a clip as configured now; see {@link ConfiguredEncoder#open}. */
    public Mp4Encoder open(Path file, VideoFormat format) throws IOException {
        return configured().open(file, format);
    }

    /** Names the encoder that is configured now; see {@link ConfiguredEncoder#name}. */
    public String encoderName() {
        return configured().name();
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

    /** Loads FFmpeg if that was not done. */
    static void load() {
        try {
            Ffmpeg.load();
        } catch (LinkageError e) {
            throw new IllegalStateException("FFmpeg cannot be loaded: " + LoadingFailure.reason(e), e);
        }
    }
}
