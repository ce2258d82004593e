package org.patchreel.impl.media;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.patchreel.api.Fit;
import org.patchreel.api.FrameRate;
import org.patchreel.api.FrameSize;
import org.patchreel.api.VideoFormat;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Where a {@link DecoderMain} finds its classes and libraries. A process cannot read what is within a bundle: the classes
 * of this package and the nested archives are unpacked once into the bundle's data area, in a folder that is named by their
 * content. Without OSGi the class path serves.
 */
final class DecoderInstallation {
    private static final String FOLDER = "decoder";

    /** Header of this bundle's manifest with the version of the nested archives. */
    private static final String LIBRARIES = "Patchreel-Ffmpeg";

    private static final List<String> ARCHIVES = List.of("lib/javacpp.jar", "lib/ffmpeg.jar");
    private static final List<String> NATIVES = List.of("lib/javacpp-linux-x86_64.jar", "lib/ffmpeg-linux-x86_64.jar");

    /** Of other bundles, in signatures of this package. */
    private static final List<Class<?>> FOREIGN =
            List.of(FrameSize.class, Fit.class, FrameRate.class, VideoFormat.class, VideoFrame.class, FrameSink.class);

    /**
     * A small heap, as frames are outside of it, little reserved address space, one compiler that starts fast, nothing on
     * the standard output, no file.
     */
    private static final List<String> OPTIONS = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-Xmx64m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:ReservedCodeCacheSize=16m",
            "-XX:CompressedClassSpaceSize=16m",
            "-XX:-UsePerfData",
            "-XX:+DisplayVMOutputToStderr",
            "-XX:+SuppressFatalErrorMessage",
            "-XX:-CreateCoredumpOnCrash",
            "-D" + DecoderMain.PROPERTY + "=true");

    private static @Nullable List<String> command;

    private DecoderInstallation() {}

    /**
     * {@return the command that starts a decoder}
     *
     * @throws IOException if there is no Java launcher, or no place for the files that it needs
     */
    static synchronized List<String> command() throws IOException {
        if (command == null) {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            if (!Files.isExecutable(java)) {
                throw new FileSystemException(
                        java.toString(), null, "is needed to decode media from outside, and cannot be executed");
            }
            command = command(java, classPath());
        }
        return command;
    }

    /** {@return the command that starts a decoder with a class path} */
    static List<String> command(Path java, String classPath) {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.addAll(OPTIONS);
        words.addAll(List.of("-cp", classPath, DecoderMain.class.getName()));
        return List.copyOf(words);
    }

    private static String classPath() throws IOException {
        @Nullable Bundle bundle = FrameworkUtil.getBundle(DecoderInstallation.class);
        if (bundle == null) {
            Ffmpeg.load(); // unpacks the libraries where the process finds them
            return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(each -> Path.of(each).toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator));
        }
        @Nullable File data = bundle.getBundleContext().getDataFile(FOLDER);
        if (data == null) {
            throw new IOException(
                    "this framework has no folder for a bundle's files, which is needed to decode media from"
                            + " outside");
        }
        return classPath(bundle, data.toPath());
    }

    /** {@return the class path of what a bundle has, unpacked in a folder for data} */
    static String classPath(Bundle bundle, Path data) throws IOException {
        Path folder = unpacked(bundle, data);
        List<String> classPath = new ArrayList<>();
        classPath.add(folder.resolve("classes").toString());
        for (String archive : ARCHIVES) {
            classPath.add(folder.resolve(name(archive)).toString());
        }
        return String.join(File.pathSeparator, classPath);
    }

    private static String name(String entry) {
        return entry.substring(entry.lastIndexOf('/') + 1);
    }

    private static Path unpacked(Bundle bundle, Path data) throws IOException {
        Map<String, byte[]> classes = classes(bundle);
        Path folder = data.resolve(
                contentHash(classes, String.valueOf(bundle.getHeaders("").get(LIBRARIES))));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        delete(data); // of an earlier version
        Files.createDirectories(data);
        Path draft = Files.createTempDirectory(data, "draft-");
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            Path target = draft.resolve("classes").resolve(each.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, each.getValue());
        }
        for (String archive : ARCHIVES) {
            try (InputStream in = entry(bundle, archive)) {
                Files.copy(in, draft.resolve(name(archive)));
            }
        }
        for (String archive : NATIVES) {
            unpackLibraries(bundle, archive, draft.resolve("classes"));
        }
        Files.move(draft, folder);
        return folder;
    }

    /** What a process needs of this bundle and of those that it refers to, by entry. */
    private static Map<String, byte[]> classes(Bundle bundle) throws IOException {
        Map<String, byte[]> classes = new TreeMap<>();
        String own = DecoderInstallation.class.getPackageName().replace('.', '/');
        @Nullable Enumeration<URL> found = bundle.findEntries(own, "*.class", false);
        while (found != null && found.hasMoreElements()) {
            URL each = found.nextElement();
            try (InputStream in = each.openStream()) {
                classes.put(own + "/" + name(each.getPath()), in.readAllBytes());
            }
        }
        for (Class<?> each : FOREIGN) {
            String entry = each.getName().replace('.', '/') + ".class";
            try (InputStream in = each.getResourceAsStream("/" + entry)) {
                if (in == null) {
                    throw new IOException("the class file of " + each.getName() + " cannot be found");
                }
                classes.put(entry, in.readAllBytes());
            }
        }
        return classes;
    }

    private static String contentHash(Map<String, byte[]> classes, String libraries) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(libraries.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                hash.update(each.getKey().getBytes(StandardCharsets.UTF_8));
                hash.update(each.getValue());
            }
            return HexFormat.of().formatHex(hash.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static InputStream entry(Bundle bundle, String name) throws IOException {
        @Nullable URL entry = bundle.getEntry(name);
        if (entry == null) {
            throw new IOException("the bundle " + bundle.getSymbolicName() + " has no " + name);
        }
        return entry.openStream();
    }

    /** Unpacks the libraries of an archive, not its programs, to where JavaCPP loads them without copying them. */
    private static void unpackLibraries(Bundle bundle, String archive, Path target) throws IOException {
        try (ZipInputStream in = new ZipInputStream(entry(bundle, archive))) {
            for (ZipEntry each = in.getNextEntry(); each != null; each = in.getNextEntry()) {
                if (name(each.getName()).contains(".so")) {
                    Path file = target.resolve(each.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(in, file);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
