package org.patchreel.impl.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleContext;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.OutputKind;
import org.patchreel.api.StoredAsset;
import org.patchreel.spi.AssetDraft;

class FileAssetStoreTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path home;

    private Path directory() {
        return home.resolve("assets");
    }

    private FileAssetStore store() {
        return new FileAssetStore(directory());
    }

    private static AssetReference make(FileAssetStore store, String id) throws IOException {
        try (AssetDraft draft = store.open(id, Destination.DEFAULT)) {
            Files.writeString(draft.directory().resolve(AssetFile.CLIP.fileName()), "clip of " + id);
            Files.writeString(draft.directory().resolve(AssetFile.POSTER.fileName()), "poster");
            Files.writeString(draft.directory().resolve(AssetFile.CONTACT_SHEET.fileName()), "sheet");
            return draft.commit(SampleMetadata.of(id));
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(directory())) {
            return entries.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void showsAnAssetOnceItIsCommitted() throws IOException {
        FileAssetStore store = store();
        AssetReference reference;
        try (AssetDraft draft = store.open("01A", Destination.DEFAULT)) {
            Files.writeString(draft.directory().resolve(AssetFile.CLIP.fileName()), "clip");
            assertEquals(List.of(), store.list());
            assertEquals(Optional.empty(), store.find("01A"));
            reference = draft.commit(SampleMetadata.of("01A"));
        }
        assertEquals(List.of(reference), store.list());
        assertEquals(
                Optional.of(new FileStoredAsset(
                        reference, SampleMetadata.of("01A"), directory().resolve("01A"))),
                store.find("01A"));
        assertEquals("clip", Files.readString(Path.of(reference.location())));
        assertEquals(List.of("01A"), names());
    }

    @Test
    void showsAWithdrawnAssetAsEvidenceAlone() throws IOException {
        FileAssetStore store = store();
        make(store, "01A");
        make(store, "01B");
        StoredAsset before = store.find("01A").orElseThrow();
        assertTrue(store.withdraw("01A", "notice 117"));
        assertEquals(
                List.of("01B"), store.list().stream().map(AssetReference::id).toList());
        assertEquals(Optional.empty(), store.find("01A"));
        assertThrows(NoSuchFileException.class, () -> before.open(AssetFile.CLIP));
        StoredAsset evidence = store.findWithdrawn("01A").orElseThrow();
        assertEquals(before.metadata(), evidence.metadata());
        try (var clip = evidence.open(AssetFile.CLIP)) {
            assertTrue(clip.size() > 0);
        }
        assertEquals(Optional.empty(), store.findWithdrawn("01B"));
        assertTrue(Files.readString(directory().resolve(".withdrawn/01A/withdrawal.txt"))
                .endsWith(" notice 117\n"));
    }

    @Test
    void whatWasWithdrawnIsNeitherDeletedNorMadeAgain() throws IOException {
        FileAssetStore store = store();
        make(store, "01A");
        assertTrue(store.withdraw("01A", "first"));
        assertTrue(store.withdraw("01A", "second"));
        assertFalse(store.delete("01A"));
        assertFalse(store.withdraw("01C", "there is none"));
        assertFalse(store.withdraw("../01A", "there is none"));
        IOException e = assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT));
        assertTrue(String.valueOf(e.getMessage()).contains("01A was withdrawn"), e.toString());
        assertTrue(store().findWithdrawn("01A").isPresent());
    }

    @Test
    void keepsAStillWithoutAClip() throws IOException {
        FileAssetStore store = store();
        assertTrue(store.takes(OutputKind.STILL));
        AssetMetadata metadata = SampleMetadata.still("01A");
        AssetReference reference;
        try (AssetDraft draft = store.open("01A", Destination.DEFAULT)) {
            Files.writeString(draft.directory().resolve(AssetFile.CLIP.fileName()), "clip");
            IOException failure = assertThrows(IOException.class, () -> draft.commit(metadata));
            assertTrue(String.valueOf(failure.getMessage()).contains("asset 01A has no still.png"));
            Files.delete(draft.directory().resolve(AssetFile.CLIP.fileName()));
            Files.writeString(draft.directory().resolve(AssetFile.STILL.fileName()), "picture");
            reference = draft.commit(metadata);
        }
        assertEquals(List.of(reference), store.list());
        assertEquals("picture", Files.readString(Path.of(reference.location())));
        assertEquals(
                OutputKind.STILL, store.find("01A").orElseThrow().metadata().kind());
    }

    @Test
    void listsTheNewestFirst() throws IOException {
        FileAssetStore store = store();
        for (String id : List.of("01B", "01D", "01A", "01C")) {
            make(store, id);
        }
        Files.createDirectory(directory().resolve("01E"));
        Files.writeString(directory().resolve("notes.txt"), "");
        assertEquals(
                List.of("01C", "01A", "01D", "01B"),
                store.list().stream().map(AssetReference::id).toList());
        assertEquals(List.of(), new FileAssetStore(home.resolve("nowhere")).list());
    }

    @Test
    void discardsADraftThatIsNotCommitted() throws IOException {
        FileAssetStore store = store();
        AssetDraft draft = store.open("01A", Destination.DEFAULT);
        Files.writeString(draft.directory().resolve(AssetFile.CLIP.fileName()), "clip");
        draft.close();
        draft.close();
        assertEquals(List.of(), names());
        assertThrows(IllegalStateException.class, () -> draft.commit(SampleMetadata.of("01A")));
        make(store, "01A");
    }

    @Test
    void refusesAnIdThatIsTaken() throws IOException {
        FileAssetStore store = store();
        make(store, "01A");
        assertEquals(
                directory() + ": there is an asset 01A already",
                assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT))
                        .getMessage());
        try (AssetDraft first = store.open("01B", Destination.DEFAULT)) {
            assertEquals(
                    directory() + ": asset 01B is being made already",
                    assertThrows(IOException.class, () -> store().open("01B", Destination.DEFAULT))
                            .getMessage());
            Files.createDirectory(directory().resolve("01B"));
            Files.writeString(first.directory().resolve(AssetFile.CLIP.fileName()), "clip");
            assertThrows(IOException.class, () -> first.commit(SampleMetadata.of("01B")));
        }
        assertEquals(List.of("01A", "01B"), names());
        assertEquals(Optional.empty(), store.find("01B"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "a\\b",
                "/etc",
                ".draft-x",
                "a.b",
                "a b",
                "a\u0000",
                "é",
                "a\n",
                "%2e"
            })
    void refusesAnIdThatIsNotLettersAndDigits(String id) throws IOException {
        FileAssetStore store = store();
        assertThrows(IllegalArgumentException.class, () -> store.open(id, Destination.DEFAULT));
        assertThrows(IllegalArgumentException.class, () -> store.open("x".repeat(65), Destination.DEFAULT));
        assertEquals(Optional.empty(), store.find(id));
        assertFalse(Files.exists(directory()));
    }

    @Test
    void refusesAClipThatIsMissingAndMetadataOfAnother() throws IOException {
        FileAssetStore store = store();
        try (AssetDraft draft = store.open("01A", Destination.DEFAULT)) {
            assertEquals(
                    directory() + ": asset 01A has no clip.mp4",
                    assertThrows(IOException.class, () -> draft.commit(SampleMetadata.of("01A")))
                            .getMessage());
            assertThrows(IllegalArgumentException.class, () -> draft.commit(SampleMetadata.of("01B")));
        }
        assertEquals(List.of(), names());
    }

    @Test
    void namesMetadataThatIsDamaged() throws IOException {
        FileAssetStore store = store();
        make(store, "01A");
        Path metadata = directory().resolve("01A").resolve("metadata.json");
        Files.writeString(metadata, "{");
        assertEquals(1, store.list().size());
        String message = String.valueOf(
                assertThrows(IOException.class, () -> store.find("01A")).getMessage());
        assertTrue(message.startsWith(metadata + ": damaged: "), message);
    }

    @Test
    void namesAFolderThatCannotBeWritten() throws IOException {
        Files.writeString(directory(), "a file where the folder should be");
        FileAssetStore store = store();
        String expected = directory() + ": " + directory() + " is in the way";
        assertEquals(
                expected,
                assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT))
                        .getMessage());
    }

    @Test
    void leavesNothingWhenTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full));
        FileAssetStore store = store();
        try (AssetDraft draft = store.open("01A", Destination.DEFAULT)) {
            Files.writeString(draft.directory().resolve(AssetFile.CLIP.fileName()), "clip");
            Files.createSymbolicLink(draft.directory().resolve("metadata.json"), full);
            assertEquals(
                    directory() + ": No space left on device",
                    assertThrows(IOException.class, () -> draft.commit(SampleMetadata.of("01A")))
                            .getMessage());
        }
        assertEquals(List.of(), names());
        assertTrue(Files.exists(full));
    }

    @Test
    void removesWhatADeadProcessLeftButNotWhatALivingOneMakes() throws Exception {
        Process process = DraftProcess.start("hold", directory(), "01A");
        try {
            FileAssetStore store = store();
            assertEquals(List.of(".draft-01A", ".draft-01A.lock"), names());
            assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT));
            make(store, "01B");
        } finally {
            process.destroyForcibly().waitFor();
        }
        try (AssetDraft own = store().open("01C", Destination.DEFAULT)) {
            assertEquals(List.of(".draft-01C", ".draft-01C.lock", "01B"), names());
            store();
            assertTrue(Files.isDirectory(own.directory()));
        }
        assertEquals(List.of("01B"), names());
    }

    /** A process that stores assets is killed at five arbitrary moments. */
    @Test
    void holdsWholeAssetsOnlyWhenItsProcessIsKilled() throws Exception {
        for (int kill = 0; kill < 5; kill++) {
            Process process = DraftProcess.start("store", directory(), "K" + kill + "x");
            Thread.sleep(7 * kill + 3);
            process.destroyForcibly().waitFor();
        }
        FileAssetStore store = store();
        List<AssetReference> assets = store.list();
        assertTrue(assets.size() >= 5, assets.size() + " assets");
        for (AssetReference asset : assets) {
            assertEquals(
                    Optional.of(new FileStoredAsset(
                            asset, SampleMetadata.of(asset.id()), directory().resolve(asset.id()))),
                    store.find(asset.id()));
            assertEquals(DraftProcess.CLIP_BYTES, Files.size(Path.of(asset.location())));
        }
        assertEquals(assets.size(), names().size());
    }

    @Test
    void takesManyDraftsAtOnce() throws Exception {
        FileAssetStore store = store();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                // every ID twice: one of the two wins, whichever comes first
                String id = "T" + i / 2;
                tasks.add(() -> {
                    try {
                        make(store, id);
                        return true;
                    } catch (IOException e) {
                        return false;
                    }
                });
            }
            int made = 0;
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                made += task.get() ? 1 : 0;
            }
            assertEquals(20, made);
        } finally {
            threads.shutdown();
        }
        assertEquals(20, store.list().size());
        assertEquals(20, names().size());
    }

    @Test
    void takesRelativeFoldersFromTheFrameworksHome() {
        assertEquals(
                home.resolve("clips/new"),
                new FileAssetStore(context(home.toString()), config("clips/new"), Map.of()).directory());
        assertEquals(
                Path.of("assets").toAbsolutePath(),
                new FileAssetStore(context(""), config("assets"), Map.of()).directory());
        assertEquals(
                home.resolve("assets"), new FileAssetStore(context(home.toString()), config(""), Map.of()).directory());
        assertEquals(
                home.resolve("elsewhere"),
                new FileAssetStore(
                                context("/nowhere"),
                                config(home.resolve("elsewhere").toString()),
                                Map.of())
                        .directory());
    }

    @Test
    void takesTheFrameworksFolderWhenTheConfigurationNamesNone() {
        BundleContext context = context(Map.of("patchreel.home", home.toString(), "patchreel.assets", "/var/clips"));
        assertEquals(Path.of("/var/clips"), new FileAssetStore(context, config(""), Map.of()).directory());
        assertEquals(home.resolve("own"), new FileAssetStore(context, config("own"), Map.of()).directory());
    }

    private static FileAssetStore.Config config(String directory) {
        record Configured(String directory) implements FileAssetStore.Config {
            @Override
            public Class<? extends Annotation> annotationType() {
                return FileAssetStore.Config.class;
            }
        }
        return new Configured(directory);
    }

    private static BundleContext context(String home) {
        return context(Map.of("patchreel.home", home));
    }

    /** A context that knows properties. */
    private static BundleContext context(Map<String, String> properties) {
        return (BundleContext) Proxy.newProxyInstance(
                Objects.requireNonNull(FileAssetStoreTest.class.getClassLoader()),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getProperty")) {
                        return properties.get(arguments[0]);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void deletesAnAssetWithAllItsFiles() throws IOException {
        FileAssetStore store = store();
        make(store, "01A");
        make(store, "01B");
        assertTrue(store.delete("01A"));
        assertEquals(Optional.empty(), store.find("01A"));
        assertEquals(1, store.list().size());
        assertFalse(store.delete("01A"));
        assertFalse(store.delete("../01B"));
        try (Stream<Path> left = Files.list(directory())) {
            assertEquals(
                    List.of("01B"),
                    left.map(file -> file.getFileName().toString()).toList());
        }
        make(store, "01A");
        assertTrue(store.find("01A").isPresent());
    }

    @Test
    void listsWhatHasComeAndGoneSinceTheLastTime() throws IOException {
        FileAssetStore store = store();
        make(store, "01A");
        make(store, "01B");
        Files.setLastModifiedTime(directory(), FileTime.from(Instant.now().minusSeconds(60)));
        assertEquals(2, store.list().size());
        assertSame(store.list(), store.list(), "nothing has changed");
        make(store, "01C");
        assertEquals(3, store.list().size());
        store.delete("01A");
        assertEquals(2, store.list().size());

        // a copy that is put there by other means: its folder first
        Path copy = Files.createDirectory(directory().resolve("01D"));
        Files.setLastModifiedTime(directory(), FileTime.from(Instant.now().minusSeconds(60)));
        assertEquals(2, store.list().size());
        Files.copy(directory().resolve("01B/metadata.json"), copy.resolve("metadata.json"));
        assertEquals(3, store.list().size());
    }
}
