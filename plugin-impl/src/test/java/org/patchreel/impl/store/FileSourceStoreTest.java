package org.patchreel.impl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Media;
import org.patchreel.impl.store.FileSourceStore.Limits;

class FileSourceStoreTest {

    /** Of "abc": FIPS 180-2, B.1. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path folder;

    private Instant now = Instant.now();
    private FileSourceStore store;

    @BeforeEach
    void open() {
        store = new FileSourceStore(
                new Limits(folder.resolve("sources"), 1 << 20, 2 << 20, Duration.ofDays(7)), () -> now);
    }

    @Test
    void keepsAFileUnderItsDigestOnce() throws IOException {
        assertEquals(new Media.Upload(ABC, "a.png"), put("abc", "a.png"));
        assertEquals(new Media.Upload(ABC, "b.png"), put("abc", "b.png"));
        assertEquals(List.of(ABC), files());
        assertTrue(store.contains(ABC));
        assertEquals("abc", Files.readString(store.find(ABC).orElseThrow()));
    }

    @Test
    void givesAFileBack() throws IOException {
        put("abc", "a.png");
        try (InputStream file = store.open(ABC).orElseThrow()) {
            assertEquals("abc", new String(file.readAllBytes(), UTF_8));
        }
        assertTrue(store.open("ab".repeat(32)).isEmpty());
    }

    @Test
    void knowsNoFileOutsideOfItsFolder() throws IOException {
        Files.writeString(folder.resolve("secret"), "x");
        put("abc", "a.png");
        assertFalse(store.contains("../secret"));
        assertFalse(store.contains("ab".repeat(32)));
    }

    @Test
    void refusesWhatIsEmptyOrTooLargeAndLeavesNothing() throws IOException {
        assertEquals(
                "empty.png is empty",
                assertThrows(IllegalArgumentException.class, () -> put("", "empty.png"))
                        .getMessage());
        assertEquals(
                "large.mp4 is larger than 1 MiB, the limit of a source",
                assertThrows(IllegalArgumentException.class, () -> put("x".repeat((1 << 20) + 1), "large.mp4"))
                        .getMessage());
        assertEquals(List.of(), files());
    }

    @Test
    void refusesMoreThanAllFilesMayHave() throws IOException {
        put("a".repeat(1 << 20), "a");
        put("b".repeat(1 << 20), "b");
        assertEquals(
                "there is no room for c: sources may have 2 MiB together",
                assertThrows(IOException.class, () -> put("c", "c")).getMessage());
        assertEquals(2, files().size());
    }

    @Test
    void deletesWhatNobodyHasUsedForTheConfiguredTime() throws IOException {
        Media.Upload used = put("abc", "a.png");
        Media.Upload unused = put("abd", "b.png");
        now = now.plus(Duration.ofDays(6));
        assertTrue(store.contains(used.sha256()));
        now = now.plus(Duration.ofDays(2));
        put("new", "c.png");
        assertTrue(store.contains(used.sha256()));
        assertFalse(store.contains(unused.sha256()));
    }

    @Test
    void leavesNothingOfAFileThatCannotBeReadToItsEnd() throws IOException {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThrows(IOException.class, () -> store.put(broken, "a.png"));
        assertEquals(List.of(), files());
    }

    @Test
    void leavesForeignFilesAlone() throws IOException {
        put("abc", "a.png");
        Files.writeString(folder.resolve("sources/readme.txt"), "mine");
        now = now.plus(Duration.ofDays(100));
        put("new", "c.png");
        assertTrue(files().contains("readme.txt"));
        assertFalse(files().contains(ABC));
    }

    private Media.Upload put(String content, String name) throws IOException {
        return store.put(new ByteArrayInputStream(content.getBytes(UTF_8)), name);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("sources"))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
