package org.patchreel.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

/**
 * What every asset store must do. The tests run in a process whose heap is smaller than the largest clip, so that a store
 * that holds a clip in memory fails.
 */
@Timeout(300)
public abstract class AssetStoreContract {

    /** More than an {@code int} can count. */
    private static final long LARGE = (1L << 31) + 4097;

    /** Creates the tests. */
    protected AssetStoreContract() {}

    /** {@return the store under test, the same at each call until {@link #restart}} */
    protected abstract AssetStore store() throws IOException;

    /**
     * Ends the store as a crash would, and starts another one on the same assets.
     *
     * @return the new store; {@link #store} gives it from now on
     */
    protected abstract AssetStore restart() throws IOException;

    /**
     * Makes a folder that the store may write to.
     *
     * @param name one word
     * @return its name in the host's terms, or empty if the store has no folders
     */
    protected abstract Optional<String> folder(String name) throws IOException;

    /** {@return where a folder would be that is not there; not asked if {@link #folder} gives none} */
    protected abstract String missingFolder() throws IOException;

    /**
     * Takes the store's permission to write.
     *
     * @return a destination that it may not write to, or empty if that cannot be arranged here, for example because the
     *     tests run as root
     */
    protected abstract Optional<Destination> forbidden() throws IOException;

    /**
     * Reads a part of a clip by the host's own means, as its users would: a range request, a file.
     *
     * @param asset whose clip
     * @param from first byte
     * @param length number of bytes
     * @return the bytes
     */
    protected abstract byte[] read(AssetReference asset, long from, int length) throws IOException;

    @Test
    void storesByteIdenticalFilesAndAllMetadata() throws IOException {
        byte[] clip = SampleAsset.clip(1, 1_000_003);
        AssetReference reference = store("01A", clip, Destination.DEFAULT);
        StoredAsset asset = store().find("01A").orElseThrow();
        assertEquals(reference, asset.reference());
        assertEquals("01A", reference.id());
        assertEquals(SampleAsset.metadata("01A", Optional.empty()), asset.metadata());
        assertArrayEquals(clip, bytes(asset, AssetFile.CLIP));
        assertArrayEquals("poster of 01A".getBytes(UTF_8), bytes(asset, AssetFile.POSTER));
        assertArrayEquals("sheet of 01A".getBytes(UTF_8), bytes(asset, AssetFile.CONTACT_SHEET));
        assertArrayEquals(clip, read(reference, 0, clip.length));
        assertEquals(List.of(reference), store().list());
    }

    @Test
    void aMasterStandsBesideItsClipAndGoesWithIt() throws IOException {
        byte[] master = SampleAsset.clip(2, 5000);
        AssetReference reference;
        try (AssetDraft draft = store().open("01A", Destination.DEFAULT)) {
            Files.write(draft.directory().resolve(AssetFile.CLIP.fileName()), SampleAsset.clip(1, 5000));
            Files.write(draft.directory().resolve(AssetFile.MASTER.fileName()), master);
            reference = draft.commit(SampleAsset.metadata("01A", Optional.empty()));
        }
        StoredAsset asset = store().find("01A").orElseThrow();
        assertArrayEquals(master, bytes(asset, AssetFile.MASTER));
        assertArrayEquals(SampleAsset.clip(1, 5000), read(reference, 0, 5000), "it is not the original");
        assertEquals(List.of(reference), store().list());
        assertTrue(store().withdraw("01A", "notice 117"));
        assertThrows(NoSuchFileException.class, () -> asset.open(AssetFile.MASTER));
        StoredAsset evidence = store().findWithdrawn("01A").orElseThrow();
        assertArrayEquals(master, bytes(evidence, AssetFile.MASTER));
    }

    @Test
    void storesAStillWithoutAClip() throws IOException {
        assertTrue(store().takes(OutputKind.STILL));
        byte[] png = SampleAsset.clip(4, 5000);
        AssetMetadata metadata = SampleAsset.still("01A", Optional.of("Ball"));
        AssetReference reference;
        try (AssetDraft draft = store().open("01A", new Destination(Optional.empty(), Optional.of("Ball")))) {
            Files.write(draft.directory().resolve(AssetFile.STILL.fileName()), png);
            Files.writeString(draft.directory().resolve(AssetFile.POSTER.fileName()), "poster");
            reference = draft.commit(metadata);
        }
        StoredAsset asset = store().find("01A").orElseThrow();
        assertEquals(metadata, asset.metadata());
        assertEquals(OutputKind.STILL, asset.metadata().kind());
        assertArrayEquals(png, bytes(asset, AssetFile.STILL));
        assertArrayEquals("poster".getBytes(UTF_8), bytes(asset, AssetFile.POSTER));
        assertThrows(NoSuchFileException.class, () -> asset.open(AssetFile.CLIP));
        assertTrue(reference.location().getPath().endsWith(".png"), reference.toString());
        assertArrayEquals(Arrays.copyOf(png, 100), read(reference, 0, 100));
    }

    @Test
    void refusesAStillWithoutItsPicture() throws IOException {
        try (AssetDraft draft = store().open("01A", Destination.DEFAULT)) {
            fill(draft, "01A", SampleAsset.clip(3, 1000));
            assertThrows(IOException.class, () -> draft.commit(SampleAsset.still("01A", Optional.empty())));
        }
        assertEquals(List.of(), store().list());
    }

    @Test
    void readsFromAnyPosition() throws IOException {
        byte[] clip = SampleAsset.clip(2, 300_000);
        AssetReference reference = store("01A", clip, Destination.DEFAULT);
        try (SeekableByteChannel channel = store().find("01A").orElseThrow().open(AssetFile.CLIP)) {
            assertEquals(clip.length, channel.size());
            for (int from : new int[] {299_990, 7, 131_072, 0}) {
                channel.position(from);
                assertEquals(from, channel.position());
                ByteBuffer part = ByteBuffer.allocate(10);
                fill(channel, part);
                assertArrayEquals(Arrays.copyOfRange(clip, from, from + 10), part.array());
            }
            channel.position(clip.length);
            assertEquals(-1, channel.read(ByteBuffer.allocate(1)));
        }
        assertArrayEquals(Arrays.copyOfRange(clip, 250_000, 250_100), read(reference, 250_000, 100));
    }

    @Test
    void showsAnAssetWholeOrNotAtAll() throws IOException {
        try (AssetDraft draft = store().open("01A", Destination.DEFAULT)) {
            fill(draft, "01A", SampleAsset.clip(3, 1000));
            assertEquals(List.of(), store().list());
            assertEquals(Optional.empty(), store().find("01A"));
        }
        assertEquals(List.of(), store().list());
        AssetReference stored = store("01A", SampleAsset.clip(3, 1000), Destination.DEFAULT);
        assertEquals(List.of(stored), store().list());
    }

    @Test
    void refusesADraftWithoutAClipAndLeavesNothing() throws IOException {
        try (AssetDraft draft = store().open("01A", Destination.DEFAULT)) {
            assertThrows(IOException.class, () -> draft.commit(SampleAsset.metadata("01A", Optional.empty())));
        }
        assertEquals(List.of(), store().list());
    }

    @Test
    void refusesASecondAssetOfTheSameId() throws IOException {
        byte[] first = SampleAsset.clip(4, 1000);
        store("01A", first, Destination.DEFAULT);
        assertThrows(IOException.class, () -> store("01A", SampleAsset.clip(5, 1000), Destination.DEFAULT));
        assertArrayEquals(first, bytes(store().find("01A").orElseThrow(), AssetFile.CLIP));
    }

    @Test
    void keepsTitlesOfAnyScript() throws IOException {
        List<String> titles =
                List.of("Größe 2:1", "赤いボール", "כדור אדום", "\uD83D\uDE80 start", "a/b\\c", "..", "x".repeat(200));
        for (int i = 0; i < titles.size(); i++) {
            Destination destination = new Destination(Optional.empty(), Optional.of(titles.get(i)));
            store("0T" + i, SampleAsset.clip(i, 100), destination);
            StoredAsset asset = store().find("0T" + i).orElseThrow();
            assertEquals(Optional.of(titles.get(i)), asset.metadata().title());
            assertArrayEquals(SampleAsset.clip(i, 100), read(asset.reference(), 0, 100));
        }
        assertEquals(titles.size(), store().list().size());
    }

    @Test
    void keepsBothOfTwoAssetsWithOneTitle() throws IOException {
        Destination destination = new Destination(folder("both"), Optional.of("Red ball"));
        AssetReference first = store("01A", SampleAsset.clip(6, 100), destination);
        AssetReference second = store("01B", SampleAsset.clip(7, 100), destination);
        assertNotEquals(first.location(), second.location());
        assertArrayEquals(SampleAsset.clip(6, 100), read(first, 0, 100));
        assertArrayEquals(SampleAsset.clip(7, 100), read(second, 0, 100));
    }

    @Test
    void storesInTheFolderThatIsAskedFor() throws IOException {
        Optional<String> folder = folder("spring");
        assumeTrue(folder.isPresent(), "the store has no folders");
        AssetReference reference =
                store("01A", SampleAsset.clip(8, 100), new Destination(folder, Optional.of("Red ball")));
        assertTrue(reference.location().getPath().startsWith(folder.get() + "/"), reference.location() + "");
        assertEquals(List.of(reference), store().list());
    }

    @Test
    void refusesAFolderThatIsNotThereBeforeAnythingIsMade() throws IOException {
        String folder = folder("any").isPresent() ? missingFolder() : "/no/folders/here";
        IOException refusal = assertThrows(
                IOException.class,
                () -> store().open("01A", new Destination(Optional.of(folder), Optional.empty()))
                        .close());
        assertTrue(refusal.toString().contains(folder), refusal.toString());
        assertEquals(List.of(), store().list());
    }

    @Test
    void refusesWhatItMayNotWriteBeforeAnythingIsMade() throws IOException {
        Optional<Destination> forbidden = forbidden();
        assumeTrue(forbidden.isPresent(), "no folder can be made that the store may not write to");
        IOException refusal = assertThrows(
                IOException.class, () -> store().open("01A", forbidden.get()).close());
        assertTrue(
                refusal.toString().matches("(?is).*(permission|permitted|not writable|read-only|access).*"),
                refusal.toString());
        assertEquals(List.of(), store().list());
    }

    @Test
    void beginsAgainAfterACrashAndShowsNothingOfIt() throws IOException {
        store("01A", SampleAsset.clip(9, 100), Destination.DEFAULT);
        AssetDraft crashed = store().open("01B", Destination.DEFAULT);
        fill(crashed, "01B", SampleAsset.clip(10, 1000));
        AssetStore restarted = restart();
        assertEquals(
                List.of("01A"),
                restarted.list().stream().map(AssetReference::id).toList());
        assertEquals(Optional.empty(), restarted.find("01B"));
        AssetReference again = store("01B", SampleAsset.clip(11, 100), Destination.DEFAULT);
        assertArrayEquals(SampleAsset.clip(11, 100), read(again, 0, 100));
    }

    @Test
    void findsItsAssetsAfterARestart() throws IOException {
        Destination destination = new Destination(folder("kept"), Optional.of("Kept"));
        store("01A", SampleAsset.clip(12, 1000), destination);
        assertEquals(
                List.of("01A"),
                restart().list().stream().map(AssetReference::id).toList());
        StoredAsset asset = store().find("01A").orElseThrow();
        assertEquals(SampleAsset.metadata("01A", Optional.of("Kept")), asset.metadata());
        assertArrayEquals(SampleAsset.clip(12, 1000), bytes(asset, AssetFile.CLIP));
    }

    @Test
    void listsTheNewestFirst() throws IOException {
        store("01A", SampleAsset.clip(1, 10), Destination.DEFAULT);
        store("01B", SampleAsset.clip(2, 10), Destination.DEFAULT);
        assertEquals(
                List.of("01B", "01A"),
                store().list().stream().map(AssetReference::id).toList());
    }

    @Test
    void storesAClipOfTwoGigabytesWithoutHoldingIt() throws IOException {
        assumeTrue(Runtime.getRuntime().maxMemory() < LARGE / 2, "the heap could hold the clip");
        AssetReference reference;
        try (AssetDraft draft = store().open("01A", Destination.DEFAULT)) {
            fill(draft, "01A", new byte[0]);
            Path clip = draft.directory().resolve(AssetFile.CLIP.fileName());
            try (SeekableByteChannel sparse =
                    Files.newByteChannel(clip, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
                sparse.position(LARGE - 4);
                sparse.write(ByteBuffer.wrap("tail".getBytes(UTF_8)));
            }
            reference = draft.commit(SampleAsset.metadata("01A", Optional.empty()));
        }
        try (SeekableByteChannel channel = store().find("01A").orElseThrow().open(AssetFile.CLIP)) {
            assertEquals(LARGE, channel.size());
        }
        assertEquals("tail", new String(read(reference, LARGE - 4, 4), UTF_8));
    }

    /** A store that leaves it to its host is as good. */
    @Test
    void whatIsWithdrawnIsShownAsEvidenceAloneAlsoAfterARestart() throws IOException {
        byte[] clip = "a clip to withdraw".getBytes(UTF_8);
        store("01A", clip, Destination.DEFAULT);
        StoredAsset before = store().find("01A").orElseThrow();
        try {
            assertTrue(store().withdraw("01A", "notice 117"));
        } catch (UnsupportedOperationException e) {
            assumeTrue(false, "its host withdraws assets");
        }
        assertEquals(List.of(), store().list());
        assertEquals(Optional.empty(), store().find("01A"));
        assertThrows(IOException.class, () -> before.open(AssetFile.CLIP));
        restart();
        assertEquals(Optional.empty(), store().find("01A"));
        StoredAsset evidence = store().findWithdrawn("01A").orElseThrow();
        assertEquals(before.metadata(), evidence.metadata());
        assertArrayEquals(clip, bytes(evidence, AssetFile.CLIP));
        assertTrue(store().withdraw("01A", "once more"));
        assertThrows(IOException.class, () -> store().open("01A", Destination.DEFAULT));
        assertEquals(Optional.empty(), store().findWithdrawn("01B"));
        assertTrue(!store().withdraw("01B", "there is none"));
    }

    private AssetReference store(String id, byte[] clip, Destination destination) throws IOException {
        AssetMetadata metadata = SampleAsset.metadata(id, destination.title());
        try (AssetDraft draft = store().open(id, destination)) {
            fill(draft, id, clip);
            return draft.commit(metadata);
        }
    }

    private static void fill(AssetDraft draft, String id, byte[] clip) throws IOException {
        Files.write(draft.directory().resolve(AssetFile.CLIP.fileName()), clip);
        Files.writeString(draft.directory().resolve(AssetFile.POSTER.fileName()), "poster of " + id);
        Files.writeString(draft.directory().resolve(AssetFile.CONTACT_SHEET.fileName()), "sheet of " + id);
    }

    private static byte[] bytes(StoredAsset asset, AssetFile file) throws IOException {
        try (SeekableByteChannel channel = asset.open(file)) {
            ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            fill(channel, all);
            return all.array();
        }
    }

    private static void fill(SeekableByteChannel from, ByteBuffer to) throws IOException {
        while (to.hasRemaining()) {
            assertTrue(from.read(to) > 0, "the file ends early");
        }
    }
}
