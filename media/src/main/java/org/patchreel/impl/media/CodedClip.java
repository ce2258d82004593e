package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.patchreel.api.VideoFormat;

/**
 * The coded frames of an H.264 clip from anywhere, as they are in its file. The file is read by a {@link DecoderProcess}, which has
 * decoded all of them, without an error, before it gives the first; nothing that it answers is trusted to be a stream with
 * which this process may be fed. Used by one thread.
 */
final class CodedClip implements AutoCloseable {
    /** Parameter sets take some dozen bytes. */
    static final int MAX_CONFIGURATION = 1 << 16;

    private final Path file;
    private final VideoFormat format;
    private final DecoderProcess process;
    private final int delay;
    private final List<ByteBuffer> parameterSets;
    private int given;

    /**
     * What a process says of a clip.
     *
     * @param delay frames that a decoder holds back to bring them into their order
     * @param configuration content of the box {@code avcC}, an array
     */
    record Description(int delay, ByteBuffer configuration) {}

    /**
     * A coded frame.
     *
     * @param units in the form of Annex B, an array
     * @param index of the frame, from 0, in the order in which they are shown
     * @param idr whether decoding can begin with it
     */
    record CodedFrame(ByteBuffer units, int index, boolean idr) {}

    private CodedClip(Path file, VideoFormat format, DecoderProcess process) throws IOException {
        this.file = file;
        this.format = format;
        this.process = process;
        Description description = process.codedClip();
        delay = description.delay();
        try {
            parameterSets = NalUnits.configured(description.configuration().array());
        } catch (IOException e) {
            throw new MediaException(file, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Opens a clip.
     *
     * @param file the clip
     * @param format that it must have: its only track has exactly this number of frames, of this size, one in each interval of the frame rate
     *     from the beginning on, in BT.709 and limited range
     * @throws IOException if it is anything else, is damaged, or takes more than the limits allow; the message names the file and the
     *     reason
     */
    static CodedClip open(Path file, VideoFormat format) throws IOException {
        return open(file, format, DecoderInstallation.command());
    }

    static CodedClip open(Path file, VideoFormat format, List<String> command) throws IOException {
        DecodingLimits limits = DecodingLimits.STANDARD;
        DecodingRequest request = new DecodingRequest(Ffmpeg.url(file), "mov", new WantedFrames.Coded(format), limits);
        DecoderProcess process = DecoderProcess.start(file, request, command);
        try {
            return new CodedClip(file, format, process);
        } catch (IOException | RuntimeException | Error e) {
            process.close();
            throw e;
        }
    }

    /** {@return how many frames a decoder holds back to bring them into their order} */
    int delay() {
        return delay;
    }

    /** {@return sequence and picture parameter sets, in their order} */
    List<ByteBuffer> parameterSets() {
        return parameterSets;
    }

    /**
     * Gives the next frame in the order of decoding. There are as many as the format says.
     *
     * @throws IOException if it is not what an H.264 frame can be
     */
    CodedFrame next() throws IOException {
        DecoderProcess.Packet packet = process.packet(format);
        boolean idr;
        try {
            idr = NalUnits.startCodes(packet.bytes().array());
        } catch (IOException e) {
            throw new MediaException(file, "frame " + given + ": " + e.getMessage(), e);
        }
        if (given++ == 0 && !idr) {
            throw new MediaException(file, "decoding cannot begin with its first frame");
        }
        return new CodedFrame(packet.bytes(), packet.index(), idr);
    }

    /** Ends the process. */
    @Override
    public void close() throws IOException {
        process.close();
    }
}
