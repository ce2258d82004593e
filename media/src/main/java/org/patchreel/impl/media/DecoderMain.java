package org.patchreel.impl.media;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The process that decodes a file from outside for a {@link LumaReader} or a {@link SourceReader}. It is sent a
 * {@link DecodingRequest} on the standard input, then a byte for each thing that is wanted, and answers on the standard output. It ends when its input ends, and so
 * with the process that started it.
 */
final class DecoderMain {

    /** System property that tells the classes of this package that they are in this process. */
    static final String PROPERTY = "org.patchreel.decoder";

    /** Wanted: the next frame; answered by its time, or by the end. */
    static final int NEXT = 'n';

    /** Wanted: the frame in the first size of the request; one more is in the next size, and so on. */
    static final int CONVERT = '0';

    /** Answer: the file is open; what follows depends on what is wanted. */
    static final int OPENED = 'O';

    /** Answer: a frame; its second follows and whether it stands alone. */
    static final int FRAME = 'F';

    /** Answer: there is no further frame. */
    static final int END = 'Z';

    /**
     * Answer: the pixels follow, a byte each of luma, or three of RGB; or the next coded frame, its index, its length and its
     * bytes.
     */
    static final int PIXELS = 'P';

    /** Answer: the file cannot be decoded; the reason follows. Nothing comes after it. */
    static final int FAILED = 'E';

    /** Characters of a reason: a file may have put a long text into it. */
    private static final int MAX_REASON = 1000;

    private DecoderMain() {}

    /** Serves one file. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16))) {
            DecodingRequest request = DecodingRequest.read(in);
            BlockingQueue<Integer> wanted = new SynchronousQueue<>();
            Thread listener = new Thread(() -> listen(in, wanted), "listener");
            listener.setDaemon(true);
            listener.start();
            try {
                serve(request, wanted, out);
            } catch (IOException | RuntimeException | Error e) {
                out.writeByte(FAILED);
                out.writeUTF(reason(e));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** Reads on while a frame is decoded: at the end of the input nobody waits for it. */
    private static void listen(DataInputStream in, BlockingQueue<Integer> wanted) {
        try {
            for (int each = in.read(); each >= 0; each = in.read()) {
                wanted.put(each);
            }
        } catch (IOException | InterruptedException e) {
            // the same as the end
        }
        Runtime.getRuntime().halt(0);
    }

    private static void serve(DecodingRequest request, BlockingQueue<Integer> wanted, DataOutputStream out)
            throws IOException, InterruptedException {
        Ffmpeg.load();
        // no single picture or packet takes as much as everything may
        avutil.av_max_alloc(request.limits().memory() / 2);
        try (FrameDecoder decoder = new FrameDecoder(request);
                FrameOutput output = request.wanted().open(decoder, request.limits())) {
            out.writeByte(OPENED);
            output.describe(out);
            while (true) {
                out.flush();
                int what = wanted.take();
                if (what == NEXT) {
                    if (!decoder.advance()) {
                        out.writeByte(END);
                    } else {
                        out.writeByte(FRAME);
                        out.writeDouble(decoder.second());
                        out.writeBoolean(decoder.isIntra());
                    }
                } else if (what >= CONVERT) {
                    output.write(what - CONVERT, out);
                } else {
                    throw new IOException("the request is not understood");
                }
            }
        }
    }

    private static String reason(Throwable failure) {
        String message = failure instanceof IOException ? String.valueOf(failure.getMessage()) : failure.toString();
        String reason = failure instanceof MediaException media ? media.reason() : message;
        return reason.substring(0, Math.min(MAX_REASON, reason.length()));
    }
}
