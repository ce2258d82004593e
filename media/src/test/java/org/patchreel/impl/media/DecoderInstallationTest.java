package org.patchreel.impl.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;

class DecoderInstallationTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /** A bundle with this package and with the archives of the class path, as bnd nests them. */
    private static Bundle bundle(String version) {
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(), new Class<?>[] {Bundle.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "getHeaders" -> headers(version);
                        case "findEntries" -> Collections.enumeration(classes());
                        case "getEntry" -> archive(String.valueOf(arguments[0]));
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private static Dictionary<String, String> headers(String version) {
        @SuppressWarnings("JdkObsolete") // there is no other Dictionary
        Dictionary<String, String> headers = new Hashtable<>();
        headers.put("Patchreel-Ffmpeg", version);
        return headers;
    }

    private static List<URL> classes() throws Exception {
        Path own = Path.of(DecoderMain.class.getResource("DecoderMain.class").toURI())
                .getParent();
        try (Stream<Path> files = Files.list(own)) {
            return files.filter(each -> each.toString().endsWith(".class"))
                    .map(DecoderInstallationTest::url)
                    .toList();
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static @Nullable URL archive(String entry) {
        String name = entry.substring(entry.indexOf('/') + 1, entry.lastIndexOf('.'));
        String library = name.replace("-linux-x86_64", "");
        boolean isNative = name.contains("-linux");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(classPath.split(File.pathSeparator))
                .map(Path::of)
                .filter(each -> each.getFileName().toString().startsWith(library + "-"))
                .filter(each -> each.getFileName().toString().contains("-linux") == isNative)
                .map(DecoderInstallationTest::url)
                .findFirst()
                .orElse(null);
    }

    @Test
    void aProcessNeedsNothingButWhatIsUnpacked() throws IOException {
        Path clip = folder.resolve("clip.mp4");
        VideoFormat format = new VideoFormat(64, 64, 5, 10);
        TestFrames.feed(format, TestEncoders.h264().open(clip, format));
        String classPath = DecoderInstallation.classPath(bundle("1"), folder.resolve("data"));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = DecoderInstallation.command(java, classPath);
        int frames = 0;
        try (LumaReader reader = LumaReader.open(clip, 360, 1440, DecodingLimits.STANDARD, command)) {
            while (reader.advance()) {
                assertEquals(64 * 64, reader.luma().length);
                frames++;
            }
        }
        assertEquals(5, frames);
        FrameSize size = new FrameSize(32, 32);
        assertEquals(
                5, SourceReader.probe(clip, DecodingLimits.STANDARD, command).frames());
        try (SourceReader reader = SourceReader.open(clip, size, Fit.COVER, DecodingLimits.STANDARD, command)) {
            assertEquals(size.width(), reader.next().orElseThrow().width());
        }
        try (CodedClip coded = CodedClip.open(clip, format, command)) {
            assertTrue(coded.next().idr());
        }
    }

    private static Path classes(String classPath) {
        return Path.of(classPath.substring(0, classPath.indexOf(File.pathSeparatorChar)));
    }

    @Test
    void unpacksOnceAndReplacesAnotherVersion() throws IOException {
        Path data = folder.resolve("data");
        String first = DecoderInstallation.classPath(bundle("1"), data);
        Path classes = classes(first);
        FileTime time = Files.getLastModifiedTime(classes);
        assertEquals(first, DecoderInstallation.classPath(bundle("1"), data));
        assertEquals(time, Files.getLastModifiedTime(classes));
        String second = DecoderInstallation.classPath(bundle("2"), data);
        assertNotEquals(first, second);
        assertFalse(Files.exists(classes), "what nobody needs any more is removed");
        assertTrue(Files.exists(classes(second)));
    }
}
