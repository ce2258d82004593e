package org.patchreel.impl.media;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The native library: loaded once for this bundle, silent, and its error codes in words.
 *
 * <p>The system properties that steer JavaCPP are read once, when its classes are initialised; they are set for that
 * moment only, because another bundle may bring a JavaCPP of its own.
 */
final class Ffmpeg {
    /**
     * JavaCPP refuses to allocate once the whole process takes four times the Java heap, whoever took it. The weights of
     * a model live outside the heap in the same process and would trip that limit: 0 switches it off.
     */
    private static final String[] LIMITS = {"org.bytedeco.javacpp.maxbytes", "org.bytedeco.javacpp.maxphysicalbytes"};

    private static final String CACHE = "org.bytedeco.javacpp.cachedir";

    /** JavaCPP's thread that frees forgotten memory never ends and would outlive this bundle; everything here is closed. */
    private static final String NO_COLLECTOR = "org.bytedeco.javacpp.nopointergc";

    /** System property: the build of FFmpeg that this process holds. */
    static final String CLAIMED = "org.patchreel.ffmpeg";

    static {
        // a process that decodes has no framework, and its libraries are unpacked
        @Nullable File data = Boolean.getBoolean(DecoderMain.PROPERTY) ? null : UnpackedLibraries.location();
        @Nullable String cache = data == null ? System.getProperty(CACHE) : data.getAbsolutePath();
        @Nullable String cacheBefore = replace(CACHE, cache);
        @Nullable String collectorBefore = replace(NO_COLLECTOR, "true");
        @Nullable String bytesBefore = replace(LIMITS[0], "0");
        @Nullable String physicalBefore = replace(LIMITS[1], "0");
        try {
            new FfmpegClaim(System.getProperties(), CLAIMED, build()).make().ifPresent(reason -> {
                throw new UnsatisfiedLinkError(reason);
            });
            Loader.load(avutil.class);
            Loader.load(avcodec.class);
            Loader.load(avformat.class);
            Loader.load(swscale.class);
            Pointer.totalBytes();
        } catch (UnsatisfiedLinkError e) {
            throw LoadingFailure.explained(e);
        } finally {
            replace(CACHE, cacheBefore);
            replace(NO_COLLECTOR, collectorBefore);
            replace(LIMITS[0], bytesBefore);
            replace(LIMITS[1], physicalBefore);
        }
        // What goes wrong is in the return codes; the log would go to the standard error of the host.
        avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    }

    private Ffmpeg() {}

    private static @Nullable String replace(String property, @Nullable String value) {
        return value == null ? System.clearProperty(property) : System.setProperty(property, value);
    }

    /** {@return the build that this bundle brings, for example {@code 8.1.2-1.5.14}} */
    static String build() {
        String unknown = "of an unknown version";
        try {
            @Nullable String version = Loader.getVersion("org.bytedeco", "ffmpeg");
            return version == null ? unknown : version;
        } catch (IOException e) {
            return unknown;
        }
    }

    /** Loads the library if that was not done; throws an {@link Error} if it cannot be. */
    static void load() {
        // the static initialiser does it
    }

    /** {@return FFmpeg's version, for example {@code 8.1.2}} */
    static String version() {
        return avutil.av_version_info().getString();
    }

    /** {@return the licence of this build in FFmpeg's words} */
    static String license() {
        return avcodec.avcodec_license().getString();
    }

    /** Passes a return code on unless it is an error, which becomes an exception that names the file and the reason. */
    static int check(int code, Path file, String action) throws IOException {
        if (code < 0) {
            throw new MediaException(file, action + ": " + reason(code));
        }
        return code;
    }

    /** As {@link #check}, where the file system is what fails. */
    static int checkFile(int code, Path file, String action) throws FileSystemException {
        if (code < 0) {
            throw new FileSystemException(file.toString(), null, action + ": " + reason(code));
        }
        return code;
    }

    /** Refuses the null that libav returns when memory ran out. */
    static <P extends Pointer> P allocated(@Nullable P pointer, Path file, String what) throws IOException {
        if (pointer == null || pointer.isNull()) {
            throw new MediaException(file, "no memory for " + what);
        }
        return pointer;
    }

    private static String reason(int code) {
        byte[] text = new byte[256];
        avutil.av_strerror(code, text, text.length);
        int length = 0;
        while (length < text.length && text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * The name by which libav opens a file: with its protocol, so that a colon in the path is not taken for one, and a
     * character for each of the bytes that the operating system knows it by, which may be other than UTF-8.
     */
    static String url(Path file) {
        Charset names = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
        return new String(("file:" + file.toAbsolutePath()).getBytes(names), StandardCharsets.ISO_8859_1);
    }

    /** As {@link #url}, terminated. */
    static BytePointer terminated(String url) {
        return new BytePointer((url + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }
}
