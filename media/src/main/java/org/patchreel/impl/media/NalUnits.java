package org.patchreel.impl.media;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The units that an H.264 stream consists of, in its two forms: a start code before each (Annex B), or its length in four bytes
 * (ISO/IEC 14496-15), as in MP4 files.
 */
final class NalUnits {
    private static final int SLICE = 1;
    private static final int IDR_SLICE = 5;
    private static final int SUPPLEMENTAL = 6;
    private static final int SEQUENCE_PARAMETERS = 7;
    private static final int PICTURE_PARAMETERS = 8;
    private static final int DELIMITER = 9;

    private static final int START_CODE = 1;

    private NalUnits() {}

    /**
     * Finds the parameter sets of a stream of the first form.
     *
     * @param stream parameter sets, and what else an encoder tells ahead of the frames
     * @return the sequence parameter sets and the picture parameter sets, in their order
     */
    static List<ByteBuffer> parameterSets(byte[] stream) {
        List<ByteBuffer> sets = new ArrayList<>();
        int begin = startCode(stream, 0);
        while (begin < stream.length) {
            int next = startCode(stream, begin);
            int end = next < stream.length ? next - 3 : stream.length;
            while (end > begin && stream[end - 1] == 0) {
                end--; // the first zero of a start code of four bytes
            }
            if (end > begin && isParameterSet(stream[begin])) {
                sets.add(ByteBuffer.wrap(stream, begin, end - begin).slice());
            }
            begin = next;
        }
        return sets;
    }

    private static boolean isParameterSet(byte head) {
        return type(head) == SEQUENCE_PARAMETERS || type(head) == PICTURE_PARAMETERS;
    }

    private static int type(byte head) {
        return head & 31;
    }

    /** The index after the next start code, or the end. */
    private static int startCode(byte[] stream, int from) {
        for (int i = from; i + 2 < stream.length; i++) {
            if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
                return i + 3;
            }
        }
        return stream.length;
    }

    /**
     * Reads the parameter sets that an MP4 file has ahead of its frames.
     *
     * @param configuration content of the box {@code avcC}
     * @return as {@link #parameterSets}
     * @throws IOException if it cannot be read, or the units of the frames have no lengths of four bytes
     */
    static List<ByteBuffer> configured(byte[] configuration) throws IOException {
        try {
            ByteBuffer in = ByteBuffer.wrap(configuration);
            boolean readable = in.get() == 1 && (in.position(4).get() & 3) == 3;
            if (!readable) {
                throw new IOException("not a decoder configuration with lengths of four bytes");
            }
            List<ByteBuffer> sets = new ArrayList<>();
            read(in, in.get() & 31, sets);
            read(in, in.get() & 255, sets);
            return sets;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new IOException("the decoder configuration is cut off", e);
        }
    }

    private static void read(ByteBuffer in, int count, List<ByteBuffer> sets) {
        for (int i = 0; i < count; i++) {
            int length = in.getShort() & 0xffff;
            sets.add(in.slice().limit(length));
            in.position(in.position() + length);
        }
    }

    /**
     * Replaces lengths by start codes in a coded frame.
     *
     * @param frame in the second form; changed in place to the first
     * @return whether it is a frame with which decoding can begin (IDR)
     * @throws IOException if the lengths are wrong, a unit is not allowed in a frame, such as a parameter set, or a unit holds what
     *     could be taken for a start code
     */
    static boolean startCodes(byte[] frame) throws IOException {
        ByteBuffer units = ByteBuffer.wrap(frame);
        boolean slice = false;
        boolean idr = false;
        while (units.hasRemaining()) {
            int length = units.remaining() < 5 ? 0 : units.getInt(units.position());
            if (length < 1 || length > units.remaining() - 4) {
                throw new IOException("a unit of " + length + " bytes in " + units.remaining());
            }
            units.putInt(START_CODE);
            int begin = units.position();
            switch (type(frame[begin])) {
                case SLICE -> slice = true;
                case IDR_SLICE -> idr = true;
                case SUPPLEMENTAL, DELIMITER -> {}
                default -> throw new IOException("a unit of type " + type(frame[begin]) + " in a frame");
            }
            checkContent(frame, begin, begin + length);
            units.position(begin + length);
        }
        if (slice == idr) {
            throw new IOException(slice ? "two kinds of slices in a frame" : "a frame without a slice");
        }
        return idr;
    }

    /** Two zeros and a byte of 0 to 2 cannot be within a unit, nor a zero at its end. */
    private static void checkContent(byte[] frame, int begin, int end) throws IOException {
        boolean valid = frame[end - 1] != 0;
        for (int i = begin; valid && i + 2 < end; i++) {
            valid = frame[i] != 0 || frame[i + 1] != 0 || (frame[i + 2] & 255) > 2;
        }
        if (!valid) {
            throw new IOException("a start code within a unit");
        }
    }
}
