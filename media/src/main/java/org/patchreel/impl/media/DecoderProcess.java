package org.patchreel.impl.media;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.media.LumaReader.DecodedFrame;

/**
 * A {@link DecoderMain} that was started, seen from outside. Nothing that it answers is trusted. The shell gives it limits
 * that it cannot raise: on address space, processor time and files that it writes. A limit on time is kept here, and when
 * the thread that reads is interrupted, or the process takes too long, it is killed. Used by one thread.
 */
final class DecoderProcess extends AbstractInterruptibleChannel {

    /**
     * Soft and hard limits: at the soft one of processor time the process gets SIGXCPU, which tells it from other ends. No
     * file may be written, and no core.
     */
    private static final String LIMITED = """
            ulimit -c 0 && ulimit -f 0 && ulimit -v %d && ulimit -S -t %d && ulimit -H -t %d && exec "$0" "$@"\
            """;

    private static final int EXIT_SIGKILL = 128 + 9;
    private static final int EXIT_SIGXCPU = 128 + 24;
    private static final long EXIT_SECONDS = 5;

    /** Bytes of a coded frame besides its pixels. */
    private static final int MAX_OVERHEAD = 1 << 20;

    private final Path file;
    private final DecodingRequest request;
    private final Process process;
    private final DataInputStream in;
    private final DataOutputStream out;
    private volatile boolean late;

    /**
     * What the process says of the file that it opened.
     *
     * @param nativeSize of the file's frames
     * @param sizes of the frames that it gives
     * @param frameSeconds for which a frame is shown
     */
    record Opened(FrameSize nativeSize, List<FrameSize> sizes, double frameSeconds) {}

    private DecoderProcess(Path file, DecodingRequest request, Process process) {
        this.file = file;
        this.request = request;
        this.process = process;
        in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        process.onExit()
                .orTimeout(request.limits().time().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(timeout -> {
                    late = true;
                    return process.destroyForcibly();
                });
    }

    /**
     * Starts a process.
     *
     * @param file for messages
     * @param request is sent
     * @param command that starts a {@link DecoderMain}
     * @throws IOException if it cannot be started
     */
    static DecoderProcess start(Path file, DecodingRequest request, List<String> command) throws IOException {
        DecodingLimits limits = request.limits();
        long seconds = Math.max(1, limits.processorTime().toSeconds());
        List<String> limited = new ArrayList<>(
                List.of("/bin/sh", "-c", LIMITED.formatted(limits.memory() / 1024, seconds, seconds + 1)));
        limited.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(limited).directory(new File("/")).redirectError(Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("LC_ALL", "C");
        // each further arena of glibc reserves address space
        environment.put("MALLOC_ARENA_MAX", "2");
        return new DecoderProcess(file, request, builder.start());
    }

    /**
     * Takes the answer to the request.
     *
     * @param wanted sizes of the request
     */
    Opened opened(List<LumaSize> wanted) throws IOException {
        return open(() -> {
            FrameSize nativeSize = size();
            List<FrameSize> sizes = new ArrayList<>();
            for (LumaSize each : wanted) {
                FrameSize size = size();
                if (Math.min(size.width(), size.height()) > each.shortSide()
                        || Math.max(size.width(), size.height()) > each.maxLongSide()) {
                    throw notUnderstood("frames of " + size);
                }
                sizes.add(size);
            }
            return new Opened(nativeSize, sizes, frameSeconds());
        });
    }

    /** Takes the answer to a request for RGB: seconds for which a frame is shown. */
    double openedRgb() throws IOException {
        return open(this::frameSeconds);
    }

    /** Takes the answer to a request for what the file is. */
    SourceInfo info() throws IOException {
        return open(() -> {
            FrameSize size = size();
            double seconds = in.readDouble();
            long frames = in.readLong();
            double rate = in.readDouble();
            if (!isTime(seconds) || frames < 1 || !isTime(rate)) {
                throw notUnderstood(frames + " frames in " + seconds + " seconds, " + rate + " a second");
            }
            return new SourceInfo(size, seconds, frames, rate, in.readBoolean(), in.readBoolean());
        });
    }

    /** Takes the answer to a request for coded frames. */
    CodedClip.Description codedClip() throws IOException {
        return open(() -> {
            int delay = in.readInt();
            return new CodedClip.Description(delay, bytes(CodedClip.MAX_CONFIGURATION));
        });
    }

    private ByteBuffer bytes(long most) throws IOException {
        int length = in.readInt();
        if (length < 1 || length > most) {
            throw notUnderstood(length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private <T> T open(Exchange<T> answer) throws IOException {
        return exchange(() -> {
            request.write(out);
            expect(DecoderMain.OPENED);
            return answer.run();
        });
    }

    private double frameSeconds() throws IOException {
        double frameSeconds = in.readDouble();
        if (!isTime(frameSeconds)) {
            throw notUnderstood("frames for " + frameSeconds + " seconds");
        }
        return frameSeconds;
    }

    private FrameSize size() throws IOException {
        int width = in.readInt();
        int height = in.readInt();
        try {
            return new FrameSize(width, height);
        } catch (IllegalArgumentException e) {
            throw notUnderstood("frames of " + width + "x" + height);
        }
    }

    private static boolean isTime(double seconds) {
        return Double.isFinite(seconds) && seconds >= 0;
    }

    /** {@return the next frame; empty after the last one} */
    Optional<DecodedFrame> next() throws IOException {
        return exchange(() -> {
            want(DecoderMain.NEXT);
            if (expect(DecoderMain.FRAME, DecoderMain.END) == DecoderMain.END) {
                return Optional.empty();
            }
            double second = in.readDouble();
            if (!isTime(second)) {
                throw notUnderstood("a frame at " + second + " seconds");
            }
            return Optional.of(new DecodedFrame(second, in.readBoolean()));
        });
    }

    /**
     * Gives the luma of the frame.
     *
     * @param index of the size in the request
     * @param size that it has
     */
    byte[] luma(int index, FrameSize size) throws IOException {
        byte[] luma = new byte[size.width() * size.height()];
        convert(index, luma);
        return luma;
    }

    /**
     * Gives the frame in a size of the request.
     *
     * @param index of the size
     * @param pixels are filled
     */
    void convert(int index, byte[] pixels) throws IOException {
        exchange(() -> {
            want(DecoderMain.CONVERT + index);
            expect(DecoderMain.PIXELS);
            in.readFully(pixels);
            return pixels;
        });
    }

    /**
     * A coded frame.
     *
     * @param index in the order in which they are shown
     * @param bytes as they are in the file, an array
     */
    record Packet(int index, ByteBuffer bytes) {}

    /**
     * Gives the next coded frame.
     *
     * @param format of the frames
     */
    Packet packet(VideoFormat format) throws IOException {
        return exchange(() -> {
            want(DecoderMain.CONVERT);
            expect(DecoderMain.PIXELS);
            int index = in.readInt();
            if (index < 0 || index >= format.frameCount()) {
                throw notUnderstood("frame " + index);
            }
            // macroblocks that are not compressed take as much as their pixels in 4:2:0
            return new Packet(index, bytes(MAX_OVERHEAD + 3L * format.width() * format.height()));
        });
    }

    private void want(int what) throws IOException {
        out.write(what);
        out.flush();
    }

    private int expect(int... answers) throws IOException {
        int answer = in.readUnsignedByte();
        for (int each : answers) {
            if (answer == each) {
                return answer;
            }
        }
        throw answer == DecoderMain.FAILED ? new MediaException(file, in.readUTF()) : notUnderstood("byte " + answer);
    }

    private MediaException notUnderstood(String what) {
        return new MediaException(file, "the process that decodes it answered what is not understood: " + what);
    }

    private interface Exchange<T> {
        T run() throws IOException;
    }

    /** Does what may block, and tells why it fails. */
    private <T> T exchange(Exchange<T> what) throws IOException {
        boolean completed = false;
        begin();
        try {
            T result = what.run();
            completed = true;
            return result;
        } catch (MediaException e) {
            completed = true;
            throw e;
        } catch (IOException e) {
            completed = isOpen();
            throw new MediaException(file, end(), e);
        } finally {
            end(completed);
        }
    }

    /** Why the process ended. */
    private String end() {
        DecodingLimits limits = request.limits();
        int status = status();
        if (late) {
            return "decoding it takes longer than " + seconds(limits.time()) + ", the limit";
        }
        return switch (status) {
            case EXIT_SIGXCPU ->
                "decoding it takes more than " + seconds(limits.processorTime()) + " of processor time, the limit";
            case EXIT_SIGKILL -> "the process that decodes it was killed";
            default ->
                "the process that decodes it, with a limit of " + (limits.memory() >> 20)
                        + " MiB of memory, ended with status " + status;
        };
    }

    private int status() {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(EXIT_SECONDS);
        try {
            while (true) {
                try {
                    if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        process.destroyForcibly();
                    }
                    return process.isAlive() ? EXIT_SIGKILL : process.exitValue();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " seconds" : time.toMillis() + " ms";
    }

    /** Ends the process, from any thread. */
    @Override
    protected void implCloseChannel() {
        process.destroyForcibly();
    }
}
