package org.patchreel.impl.media;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/** Small files that take very much to decode. */
final class HostileFiles {
    private HostileFiles() {}

    /** A grey PNG picture of zeros: a thousandth of its pixels in bytes. */
    static byte[] png(int side) throws IOException {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        Deflater fast = new Deflater(1);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(pixels, fast, 1 << 16)) {
            byte[] rows = new byte[100 * (1 + side)];
            for (int y = 0; y < side; y += 100) {
                deflated.write(rows, 0, Math.min(100, side - y) * (1 + side));
            }
        }
        fast.end();
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(png);
        out.writeLong(0x89504e470d0a1a0aL);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(header);
        head.writeInt(side);
        head.writeInt(side);
        head.write(new byte[] {8, 0, 0, 0, 0});
        chunk(out, "IHDR", header.toByteArray());
        chunk(out, "IDAT", pixels.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return png.toByteArray();
    }

    static void chunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(content);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) sum.getValue());
    }

    /**
     * A GIF each of whose frames changes one pixel of a large picture: two dozen bytes a frame.
     *
     * @param side of the picture
     * @param frames how many
     */
    static byte[] gif(int side, int frames) {
        ByteBuffer frame = ByteBuffer.allocate(23).order(ByteOrder.LITTLE_ENDIAN);
        frame.put(new byte[] {0x21, (byte) 0xf9, 4, 0, 4, 0, 0, 0}); // 40 ms
        frame.put((byte) 0x2c).putInt(0).putShort((short) 1).putShort((short) 1).put((byte) 0);
        frame.put(new byte[] {2, 2, 0x44, 1, 0}); // clear, colour 0, end
        ByteBuffer gif = ByteBuffer.allocate(20 + frames * frame.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        gif.put("GIF89a".getBytes(StandardCharsets.US_ASCII));
        gif.putShort((short) side).putShort((short) side).put(new byte[] {(byte) 0x80, 0, 0});
        gif.put(new byte[] {0, 0, 0, -1, -1, -1});
        for (int i = 0; i < frames; i++) {
            gif.put(frame.array());
        }
        return gif.put((byte) 0x3b).array();
    }

    /**
     * Writes a Matroska file with the same picture in each of some tracks.
     *
     * @param png the picture
     * @param claimed sides that the tracks' headers tell
     * @param tracks how many
     * @param codec {@code AV_CODEC_ID_PNG}, or another one that the bytes are said to be of
     */
    static Path matroska(Path file, byte[] png, int claimed, int tracks, int codec) throws IOException {
        Ffmpeg.load();
        AVFormatContext muxer = new AVFormatContext(null);
        avformat.avformat_alloc_output_context2(muxer, null, "matroska", file.toString());
        for (int i = 0; i < tracks; i++) {
            AVStream stream = avformat.avformat_new_stream(muxer, null);
            stream.codecpar()
                    .codec_type(avutil.AVMEDIA_TYPE_VIDEO)
                    .codec_id(codec)
                    .width(claimed)
                    .height(claimed);
        }
        AVIOContext io = new AVIOContext(null);
        Ffmpeg.check(avformat.avio_open(io, file.toString(), avformat.AVIO_FLAG_WRITE), file, "cannot be written");
        muxer.pb(io);
        Ffmpeg.check(avformat.avformat_write_header(muxer, (AVDictionary) null), file, "cannot be written");
        AVPacket packet = avcodec.av_packet_alloc();
        for (int i = 0; i < tracks; i++) {
            avcodec.av_new_packet(packet, png.length);
            packet.data().put(png);
            packet.stream_index(i).pts(0).dts(0).flags(avcodec.AV_PKT_FLAG_KEY);
            Ffmpeg.check(avformat.av_interleaved_write_frame(muxer, packet), file, "cannot be written");
        }
        avcodec.av_packet_free(packet);
        avformat.av_write_trailer(muxer);
        avformat.avio_closep(io);
        muxer.pb(null);
        avformat.avformat_free_context(muxer);
        return file;
    }
}
