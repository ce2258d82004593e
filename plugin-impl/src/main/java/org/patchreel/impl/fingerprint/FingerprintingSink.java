package org.patchreel.impl.fingerprint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Takes the fingerprint of frames on their way to the encoder. They are handed on as they are; memory grows by about 5 KiB
 * for a second of the clip.
 */
public final class FingerprintingSink implements FrameSink {
    private final VideoFormat format;
    private final FrameSink next;
    private final List<Fingerprint.Sample> samples = new ArrayList<>();
    private int frames;

    /**
     * Creates a sink.
     *
     * @param format whose frame rate tells the frames' times
     * @param next takes the frames; closed with this sink
     */
    public FingerprintingSink(VideoFormat format, FrameSink next) {
        this.format = format;
        this.next = next;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        int rate = format.frameRate();
        if (begins(frames, Fingerprint.RATE, rate)) {
            LumaGrid picture = LumaGrid.of(frame);
            samples.add(new Fingerprint.Sample(
                    Math.round(frames * 1000f / rate),
                    FrameSignature.of(picture),
                    begins(frames, 1, rate) ? Optional.of(picture) : Optional.empty()));
        }
        frames++;
        next.accept(frame);
    }

    /** Whether a frame is the first one of one of so many parts of a second. */
    private static boolean begins(int frame, int parts, int rate) {
        return frame == 0 || frame * parts / rate != (frame - 1) * parts / rate;
    }

    /**
     * The fingerprint of the frames that have come.
     *
     * @return complete after the last frame
     */
    public Fingerprint fingerprint() {
        return new Fingerprint(samples, Math.round(frames * 1000f / format.frameRate()));
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
