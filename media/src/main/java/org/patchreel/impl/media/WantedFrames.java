package org.patchreel.impl.media;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

/** What is wanted of a file that is decoded. */
sealed interface WantedFrames {

    /** Writes it, so that {@link #read} reads it. */
    void write(DataOutputStream out) throws IOException;

    /** Opens what gives it. */
    FrameOutput open(FrameDecoder decoder, DecodingLimits limits) throws IOException;

    static WantedFrames read(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        return switch (kind) {
            case Luma.KIND -> Luma.content(in);
            case Rgb.KIND -> Rgb.content(in);
            case Info.KIND -> new Info();
            case Coded.KIND -> Coded.content(in);
            default -> throw new IOException("the request is not understood");
        };
    }

    /**
     * Their luma.
     *
     * @param sizes 1 to {@value #MAX_SIZES}
     */
    record Luma(List<LumaSize> sizes) implements WantedFrames {
        private static final int KIND = 'L';
        static final int MAX_SIZES = 4;

        public Luma {
            if (sizes.isEmpty() || sizes.size() > MAX_SIZES) {
                throw new IllegalArgumentException("1 to " + MAX_SIZES + " sizes, not " + sizes.size());
            }
            sizes = List.copyOf(sizes);
        }

        @Override
        public void write(DataOutputStream out) throws IOException {
            out.writeByte(KIND);
            out.writeByte(sizes.size());
            for (LumaSize size : sizes) {
                out.writeInt(size.shortSide());
                out.writeInt(size.maxLongSide());
            }
        }

        private static Luma content(DataInputStream in) throws IOException {
            List<LumaSize> sizes = new ArrayList<>();
            for (int count = in.readUnsignedByte(); count > 0; count--) {
                sizes.add(new LumaSize(in.readInt(), in.readInt()));
            }
            return new Luma(sizes);
        }

        @Override
        public FrameOutput open(FrameDecoder decoder, DecodingLimits limits) {
            return new LumaOutput(decoder, sizes, limits);
        }
    }

    /**
     * Their colours, as they are displayed.
     *
     * @param size in pixels
     * @param fit how they are brought to the size
     */
    record Rgb(FrameSize size, Fit fit) implements WantedFrames {
        private static final int KIND = 'C';

        @Override
        public void write(DataOutputStream out) throws IOException {
            out.writeByte(KIND);
            out.writeInt(size.width());
            out.writeInt(size.height());
            out.writeBoolean(fit == Fit.COVER);
        }

        private static Rgb content(DataInputStream in) throws IOException {
            return new Rgb(new FrameSize(in.readInt(), in.readInt()), in.readBoolean() ? Fit.COVER : Fit.CONTAIN);
        }

        @Override
        public FrameOutput open(FrameDecoder decoder, DecodingLimits limits) throws IOException {
            return new RgbOutput(decoder, size, fit, limits);
        }
    }

    /** None of them: what can be told of all. */
    record Info() implements WantedFrames {
        private static final int KIND = 'I';

        @Override
        public void write(DataOutputStream out) throws IOException {
            out.writeByte(KIND);
        }

        @Override
        public FrameOutput open(FrameDecoder decoder, DecodingLimits limits) throws IOException {
            return new InfoOutput(decoder);
        }
    }

    /**
     * All of them, as they are coded.
     *
     * @param format that they must have
     */
    record Coded(VideoFormat format) implements WantedFrames {
        private static final int KIND = 'P';

        @Override
        public void write(DataOutputStream out) throws IOException {
            out.writeByte(KIND);
            out.writeInt(format.width());
            out.writeInt(format.height());
            out.writeInt(format.frameCount());
            out.writeInt(format.frameRate().numerator());
            out.writeInt(format.frameRate().denominator());
        }

        private static Coded content(DataInputStream in) throws IOException {
            return new Coded(new VideoFormat(
                    in.readInt(), in.readInt(), in.readInt(), new FrameRate(in.readInt(), in.readInt())));
        }

        @Override
        public FrameOutput open(FrameDecoder decoder, DecodingLimits limits) throws IOException {
            return new CodedOutput(decoder, format);
        }
    }
}
