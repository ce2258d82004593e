package org.patchreel.impl.fingerprint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.patchreel.api.FrameRate;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.ForwardingFrameSink;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Takes the fingerprint of frames on their way to the encoder. They are handed on as they are; memory grows by about 5 KiB
 * for a second of the clip.
 */
public final class FingerprintingSink extends ForwardingFrameSink {
    private final VideoFormat format;
    private final List<Fingerprint.Sample> samples = new ArrayList<>();
    private int frames;

    /**
     * Creates a sink.
     *
     * @param format whose frame rate tells the frames' times
     * @param next takes the frames; closed with this sink
     */
    public FingerprintingSink(VideoFormat format, FrameSink next) {
        super(next);
        this.format = format;
    }

    @Override
    public void accept(VideoFrame frame) throws IOException {
        FrameRate rate = format.frameRate();
        if (begins(frames, Fingerprint.RATE, rate)) {
            LumaGrid picture = LumaGrid.of(frame);
            samples.add(new Fingerprint.Sample(
                    millis(),
                    FrameSignature.of(picture),
                    begins(frames, 1, rate) ? Optional.of(picture) : Optional.empty()));
        }
        frames++;
        next.accept(frame);
    }

    /** Whether a frame is the first of a 1/parts-second interval. */
    private static boolean begins(int frame, int parts, FrameRate rate) {
        return frame == 0 || part(frame, parts, rate) != part(frame - 1, parts, rate);
    }

    private static long part(int frame, int parts, FrameRate rate) {
        return (long) frame * parts * rate.denominator() / rate.numerator();
    }

    /** Time of the next frame. */
    private int millis() {
        return (int) Math.round(1000 * format.frameRate().seconds(frames));
    }

    /**
     * The fingerprint of the frames that have come.
     *
     * @return complete after the last frame
     */
    public Fingerprint fingerprint() {
        return new Fingerprint(samples, millis());
    }
}
