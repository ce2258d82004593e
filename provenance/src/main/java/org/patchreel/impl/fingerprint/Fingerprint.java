package org.patchreel.impl.fingerprint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What is kept of a clip to know its pictures again: two frame signatures a second, and one small grey picture a second,
 * from which the signatures of cropped and turned copies are computed when they are asked for. About 2 KiB for a second.
 */
public final class Fingerprint {

    /** Name in soft-binding queries: signatures as this class keeps them. */
    public static final String ALGORITHM = "org.patchreel.mpeg7-frame-signature.1";

    /** Frames a second that are kept. */
    static final int RATE = 2;

    /** A frame with less to see than this (a black one, a fade) tells nothing; in the unit of {@link FrameSignature#confidence}. */
    static final int MIN_CONFIDENCE = 4;

    private static final int VERSION = 1;

    /** More than the longest clip has, one frame a second. */
    private static final int MAX_SAMPLES = 8192;

    private final List<Sample> samples;
    private final int duration;

    /**
     * A frame that is kept.
     *
     * @param time milliseconds from the clip's first frame
     * @param signature of the whole picture
     * @param picture one a second, else empty
     */
    record Sample(int time, FrameSignature signature, Optional<LumaGrid> picture) {}

    Fingerprint(List<Sample> samples, int duration) {
        this.samples = List.copyOf(samples);
        this.duration = duration;
    }

    /** {@return the frames that are kept, in the order of time} */
    List<Sample> samples() {
        return samples;
    }

    /** {@return length of the clip in milliseconds} */
    int durationMillis() {
        return duration;
    }

    /** {@return length of the clip} */
    public Duration duration() {
        return Duration.ofMillis(duration);
    }

    /** {@return whether it is of one picture, as that of a still is} */
    public boolean isOfOnePicture() {
        return samples.size() == 1;
    }

    /** {@return this fingerprint in the form that {@link #fromBytes} reads} */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(VERSION);
        Deflater deflater = new Deflater();
        try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
            out.writeInt(duration);
            out.writeShort(samples.size());
            for (Sample sample : samples) {
                out.writeInt(sample.time());
                out.writeByte(sample.signature().confidence());
                out.write(sample.signature().toBytes());
                out.writeBoolean(sample.picture().isPresent());
                if (sample.picture().isPresent()) {
                    out.write(rowDifferences(sample.picture().get().toBytes(), 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @param bytes of a fingerprint
     * @return the fingerprint
     * @throws IllegalArgumentException if the bytes are damaged or of a later version
     */
    public static Fingerprint fromBytes(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new IllegalArgumentException(
                    "not a fingerprint of version " + VERSION + ": " + (bytes.length == 0 ? "empty" : bytes[0]));
        }
        ByteArrayInputStream body = new ByteArrayInputStream(bytes, 1, bytes.length - 1);
        try (DataInputStream in = new DataInputStream(new InflaterInputStream(body))) {
            int duration = in.readInt();
            int count = in.readUnsignedShort();
            if (count > MAX_SAMPLES || duration < 0) {
                throw new IllegalArgumentException("a damaged fingerprint: " + count + " frames, " + duration + " ms");
            }
            List<Sample> samples = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int time = in.readInt();
                int confidence = in.readUnsignedByte();
                FrameSignature signature = FrameSignature.fromBytes(exactly(in, FrameSignature.BYTES), confidence);
                Optional<LumaGrid> picture = in.readBoolean()
                        ? Optional.of(
                                LumaGrid.fromBytes(rowDifferences(exactly(in, LumaGrid.SIDE * LumaGrid.SIDE), -1)))
                        : Optional.empty();
                samples.add(new Sample(time, signature, picture));
            }
            return new Fingerprint(samples, duration);
        } catch (IOException e) {
            throw new IllegalArgumentException("a damaged fingerprint: " + e.getMessage(), e);
        }
    }

    private static byte[] exactly(DataInputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("it ends early");
        }
        return bytes;
    }

    /** Differences of each cell from the one at its left, which deflate better, or the sums of them. */
    private static byte[] rowDifferences(byte[] cells, int sign) {
        byte[] result = cells.clone();
        for (int i = 1; i < cells.length; i++) {
            result[i] = (byte) (sign > 0 ? cells[i] - cells[i - 1] : cells[i] + result[i - 1]);
        }
        return result;
    }
}
