package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.patchreel.api.VideoFormat;

/** How clips are encoded, as it was configured at one moment: a clip is encoded as configured when it began. */
public final class ConfiguredEncoder {

    private final List<Encoder> preferred;
    private final int quality;

    /**
     * Creates a snapshot.
     *
     * @param preferred the first of them that this build of FFmpeg has is used
     * @param quality 1 to 100
     */
    ConfiguredEncoder(List<Encoder> preferred, int quality) {
        this.preferred = preferred;
        this.quality = quality;
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
        return open(file, format, List.of(), Map.of());
    }

    /**
     * Begins a clip in which others stand whole.
     *
     * @param file is created, or replaced
     * @param format of the frames that will come, those of the other clips among them
     * @param kept the other clips
     * @param metadata of the file, by keys, which FFmpeg reads back as it is given them
     * @return as {@link #open(Path, VideoFormat)}
     * @throws IllegalArgumentException if one of them stands neither at the beginning nor at the end
     * @throws IOException likewise
     */
    public Mp4Encoder open(Path file, VideoFormat format, List<KeptClip> kept, Map<String, String> metadata)
            throws IOException {
        Encoder encoder;
        try {
            encoder = encoder();
        } catch (IllegalStateException e) {
            throw new MediaException(file, String.valueOf(e.getMessage()), e);
        }
        return new Mp4Encoder(file, format, kept, metadata, encoder, quality);
    }

    /**
     * Names the encoder that {@link #open} uses.
     *
     * @return FFmpeg's name of it, for example {@code libopenh264}
     * @throws IllegalStateException if FFmpeg cannot be loaded or has no encoder for the configured codec
     */
    public String name() {
        return encoder().ffmpegName();
    }

    private Encoder encoder() {
        VideoEncoders.load();
        return preferred.stream()
                .filter(encoder -> encoder.find() != null)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this build of FFmpeg has none of "
                        + String.join(
                                ", ",
                                preferred.stream().map(Encoder::ffmpegName).toList())));
    }
}
