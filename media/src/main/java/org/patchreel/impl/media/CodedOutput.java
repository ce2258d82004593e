package org.patchreel.impl.media;

import java.io.DataOutputStream;
import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;
import org.patchreel.api.VideoFormat;

/** Gives a {@link CodedClip} the frames as they are in the file, after it has looked at all of them. */
final class CodedOutput implements FrameOutput {
    private static final int AVC1 = 'a' | 'v' << 8 | 'c' << 16 | '1' << 24;

    private final TrackDecoder track;
    private final VideoFormat format;
    private final AVRational frameTime;
    private final byte[] configuration;
    private final int delay;

    CodedOutput(FrameDecoder decoder, VideoFormat format) throws IOException {
        this.track = decoder.track();
        this.format = format;
        frameTime = new AVRational()
                .num(format.frameRate().denominator())
                .den(format.frameRate().numerator());
        configuration = checkTrack();
        checkFrames(decoder);
        track.rewind();
        delay = checkPackets();
        track.rewind();
    }

    private byte[] checkTrack() throws IOException {
        AVStream stream = track.stream();
        AVCodecParameters parameters = stream.codecpar();
        AVRational aspect = stream.sample_aspect_ratio();
        AVRational unit = stream.time_base();
        require(track.demuxer().nb_streams() == 1, "it has several tracks");
        require(
                parameters.codec_id() == avcodec.AV_CODEC_ID_H264 && parameters.codec_tag() == AVC1,
                "it is not of H.264, or not as MP4 files hold it");
        require(unit.num() > 0 && unit.den() > 0, "it has no times");
        require(
                parameters.width() == format.width() && parameters.height() == format.height(),
                "its frames have another size");
        require(
                parameters.nb_coded_side_data() == 0 && (aspect.num() == 0 || aspect.num() == aspect.den()),
                "it is not shown as it is coded");
        require(
                parameters.color_range() == avutil.AVCOL_RANGE_MPEG
                        && parameters.color_primaries() == avutil.AVCOL_PRI_BT709
                        && parameters.color_trc() == avutil.AVCOL_TRC_BT709
                        && parameters.color_space() == avutil.AVCOL_SPC_BT709,
                "it is of other colours");
        int size = parameters.extradata_size();
        require(size > 0 && size <= CodedClip.MAX_CONFIGURATION, "its decoder configuration has " + size + " bytes");
        byte[] bytes = new byte[size];
        parameters.extradata().get(bytes);
        return bytes;
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new MediaException(FrameDecoder.FILE, "its frames cannot be copied: " + otherwise);
        }
    }

    /** Decodes all frames: each is whole and shown at its time. */
    private void checkFrames(FrameDecoder decoder) throws IOException {
        int frames = 0;
        while (decoder.advance()) {
            AVFrame frame = decoder.frame();
            require(
                    frame.decode_error_flags() == 0 && (frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) == 0,
                    "it is damaged");
            require(index(frame.best_effort_timestamp()) == frames, "frame " + frames + " is not shown at its time");
            frames++;
        }
        require(frames == format.frameCount(), "it has " + frames + " frames instead of " + format.frameCount());
    }

    /** Where a time of the track stands in frames; the reverse must give the time again. */
    private long index(long time) throws IOException {
        AVRational unit = track.stream().time_base();
        long frames = avutil.av_rescale_q(time, unit, frameTime);
        require(
                time != avutil.AV_NOPTS_VALUE && avutil.av_rescale_q(frames, frameTime, unit) == time,
                "it is of another frame rate");
        return frames;
    }

    /** Reads all packets: each is a frame, and all are there; gives how many frames are held back by a decoder. */
    private int checkPackets() throws IOException {
        long held = 0;
        int packets = 0;
        for (@Nullable AVPacket packet = track.packet(); packet != null; packet = track.packet()) {
            long decoded = index(packet.dts());
            if (packets == 0) {
                held = -decoded;
            }
            require(
                    (packet.flags() & (avcodec.AV_PKT_FLAG_DISCARD | avcodec.AV_PKT_FLAG_CORRUPT)) == 0
                            && packet.side_data_elems() == 0,
                    "parts of it are not shown");
            require(
                    held >= 0 && decoded == packets - held && index(packet.pts()) >= decoded,
                    "packet " + packets + " is not decoded at its time");
            boolean idr = NalUnits.startCodes(bytes(packet));
            require(packets > 0 || idr, "decoding cannot begin with its first frame");
            packets++;
        }
        require(packets == format.frameCount(), "it has " + packets + " packets");
        return (int) held;
    }

    private static byte[] bytes(AVPacket packet) {
        byte[] bytes = new byte[packet.size()];
        packet.data().get(bytes);
        return bytes;
    }

    @Override
    public void describe(DataOutputStream out) throws IOException {
        out.writeInt(delay);
        out.writeInt(configuration.length);
        out.write(configuration);
    }

    /** Writes the next packet. */
    @Override
    public void write(int index, DataOutputStream out) throws IOException {
        @Nullable AVPacket packet = index == 0 ? track.packet() : null;
        if (packet == null) {
            throw new IOException("the request is not understood");
        }
        byte[] bytes = bytes(packet);
        out.writeByte(DecoderMain.PIXELS);
        out.writeInt((int) index(packet.pts()));
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public void close() {
        // holds nothing
    }
}
