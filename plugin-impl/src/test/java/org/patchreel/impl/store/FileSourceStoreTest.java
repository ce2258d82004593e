package org.patchreel.impl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Media;
import org.patchreel.api.SourceStore;
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
    void aCopyTakesThePlaceOfThoseThatWereNotUsedForTheLongestTime() throws IOException {
        Media.Upload first = putCopy("a".repeat(700 << 10));
        now = now.plusSeconds(1);
        Media.Upload second = putCopy("b".repeat(700 << 10));
        now = now.plusSeconds(1);
        Media.Upload small = putCopy("small");
        now = now.plusSeconds(1);
        assertTrue(store.contains(first.sha256()), "it is used");
        Media.Upload third = putCopy("c".repeat(700 << 10));
        assertFalse(store.contains(second.sha256()));
        for (Media.Upload kept : List.of(first, small, third)) {
            assertTrue(store.contains(kept.sha256()));
        }
    }

    @Test
    void neitherNeededCopiesNorWhatWasPutMakeRoom() throws IOException {
        Media.Upload put = put("a".repeat(700 << 10), "a");
        Media.Upload needed = putCopy("b".repeat(700 << 10));
        String third = "c".repeat(700 << 10);
        assertThrows(SourceStore.FullException.class, () -> putCopy(third, needed.sha256()));
        assertTrue(store.contains(needed.sha256()));
        assertEquals(2, files().size(), "nothing is left of the third");
        Media.Upload copy = putCopy(third);
        assertFalse(store.contains(needed.sha256()));
        assertTrue(store.contains(put.sha256()));
        assertEquals(third, Files.readString(store.find(copy.sha256()).orElseThrow()));
        assertEquals(
                List.of(copy.sha256() + ".copy", put.sha256()),
                files().stream().sorted(this::copiesFirst).toList());
    }

    private int copiesFirst(String one, String other) {
        return Boolean.compare(other.endsWith(".copy"), one.endsWith(".copy"));
    }

    @Test
    void aCopyThatIsPutAsWellDoesNotMakeRoomAnyMore() throws IOException {
        putCopy("abc");
        put("abc", "a");
        put("a".repeat(1 << 20), "large");
        putCopy("b".repeat((1 << 20) - 10));
        assertTrue(store.contains(ABC));
    }

    private Media.Upload putCopy(String content, String... needed) throws IOException {
        return store.putCopy(new ByteArrayInputStream(content.getBytes(UTF_8)), "copy.mp4", Set.of(needed));
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
    void namesItsFolderWhenTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        try (FileChannel out = FileChannel.open(full, StandardOpenOption.WRITE)) {
            assertEquals(
                    folder + ": No space left on device",
                    assertThrows(
                                    IOException.class,
                                    () -> FileSourceStore.write(out, ByteBuffer.wrap(new byte[1]), folder))
                            .getMessage());
        }
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
