package org.patchreel.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

class UnpackedCheckpointTest {

    @TempDir
    Path folder;

    @Test
    void isReadWhereItLiesIfTheBundleIsAFolder() throws IOException {
        Path unpacked = Files.createDirectories(folder.resolve("größe 1/bundle"));
        Files.createDirectories(unpacked.resolve("checkpoint"));
        Bundle bundle = bundle(7, "reference:" + unpacked.toUri(), List.of());
        assertEquals(unpacked.resolve("checkpoint"), of(bundle));
        assertEquals(List.of("größe 1"), names(folder));
    }

    @Test
    void isUnpackedOnceForAContentHoweverOftenTheBundleStarts() throws IOException {
        Bundle bundle = bundle(7, "mvn:x/y/1", jar("1", "vae/weights", "abc"));
        Path first = of(bundle);
        assertEquals("abc", Files.readString(first.resolve("vae/weights")));
        FileTime time = Files.getLastModifiedTime(first.resolve("vae/weights"));
        for (int i = 0; i < 3; i++) {
            assertEquals(first, of(bundle(7, "mvn:x/y/1", jar("copy" + i, "vae/weights", "abc"))));
        }
        assertEquals(time, Files.getLastModifiedTime(first.resolve("vae/weights")));
        assertEquals(List.of(first.getFileName().toString()), names(folder.resolve("data/7")));
    }

    @Test
    void replacesWhatABundleHeldBeforeItWasUpdated() throws IOException {
        Path first = of(bundle(7, "mvn:x/y/1", jar("1", "vae/weights", "abc")));
        Path second = of(bundle(7, "mvn:x/y/1", jar("2", "vae/weights", "abd")));
        assertNotEquals(first, second);
        assertEquals("abd", Files.readString(second.resolve("vae/weights")));
        assertEquals(List.of(second.getFileName().toString()), names(folder.resolve("data/7")));
    }

    @Test
    void deletesWhatUninstalledBundlesLeft() throws IOException {
        of(bundle(7, "mvn:x/y/1", jar("1", "vae/weights", "abc")));
        of(bundle(8, "mvn:x/z/1", jar("2", "vae/weights", "abc")));
        UnpackedCheckpoint.deleteUninstalled(folder.resolve("data"), Set.of("0", "8"));
        assertEquals(List.of("8"), names(folder.resolve("data")));
    }

    private Path of(Bundle bundle) throws IOException {
        return UnpackedCheckpoint.of(bundle, "checkpoint", folder.resolve("data"));
    }

    /** {@return the entries of a bundle with one file in the checkpoint} */
    private List<URL> jar(String name, String path, String content) throws IOException {
        Path file = folder.resolve(name).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return List.of(new URL(null, "bundle://7.0/checkpoint/" + path, new URLStreamHandler() {
            @Override
            protected URLConnection openConnection(URL url) throws IOException {
                return file.toUri().toURL().openConnection();
            }
        }));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static Bundle bundle(long id, String location, List<URL> entries) {
        return (Bundle) Proxy.newProxyInstance(
                Bundle.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBundleId" -> id;
                    case "getLocation" -> location;
                    case "findEntries" -> Collections.enumeration(entries);
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
