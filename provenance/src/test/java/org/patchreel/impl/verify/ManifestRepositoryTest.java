package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.fingerprint.FilePictures;
import org.patchreel.impl.fingerprint.Scene;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
class ManifestRepositoryTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private Path file;
    private ManifestRepository store;

    @BeforeEach
    void open() {
        file = folder.resolve("new").resolve("manifests.db");
        store = new ManifestRepository(file, null);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void keepsItsFileWhenAConfigurationCannotBeUsed() throws Exception {
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getProperty") ? folder.toString() : null);
        Configured wrong = new Configured("");
        try (ManifestRepository configured = new ManifestRepository(context, wrong, Map.of("file", ""))) {
            String problem = "org.patchreel.manifests: file = , expected a file";
            assertEquals(
                    "configuration " + problem,
                    configured.problem().orElseThrow().line());
            assertEquals(
                    problem, assertThrows(IOException.class, configured::count).getMessage());
            configured.modified(context, new Configured("a.db"), Map.of("file", "a.db"));
            assertEquals(Optional.empty(), configured.problem());
            configured.put(StoreProcess.clip("a", 1));
            configured.modified(context, wrong, Map.of("file", ""));
            assertTrue(configured.problem().orElseThrow().usable());
            assertIsA(configured.find("a").orElseThrow());
            assertEquals(folder.resolve("a.db"), configured.file());
        }
    }

    private record Configured(String file) implements ManifestRepository.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return ManifestRepository.Config.class;
        }
    }

    @Test
    void findsAClipByAssetLabelAndWatermark() throws Exception {
        store.put(StoreProcess.clip("a", 1));
        store.put(StoreProcess.clip("b", 2));
        assertIsA(store.find("a").orElseThrow());
        assertIsA(store.findByLabel("urn:c2pa:a").get(0));
        List<StoredManifest> marked = store.findByWatermark(new byte[] {1, 2, 3, 4, 0, 0, 0, 1});
        assertEquals(1, marked.size());
        assertIsA(marked.get(0));
        assertEquals(2, store.count());
        assertEquals(Optional.empty(), store.find("c"));
        assertEquals(List.of(), store.findByLabel("a"));
        assertEquals(List.of(), store.findByWatermark(new byte[8]));
        assertEquals(List.of(), store.findByWatermark(new byte[0]));
    }

    private static void assertIsA(StoredManifest found) {
        StoredManifest expected = StoreProcess.clip("a", 1);
        assertEquals("a", found.assetId());
        assertEquals("0102030400000001", found.watermarkHex());
        assertEquals("urn:c2pa:a", found.manifestLabel());
        assertArrayEquals(expected.manifest(), found.manifest());
        assertArrayEquals(expected.fingerprint().toBytes(), found.fingerprint().toBytes());
        assertEquals(Instant.ofEpochSecond(1), found.created());
    }

    @Test
    void aFurtherFileOfAClipIsFoundByItsManifestAndNotOnceMoreByThePictures() throws Exception {
        StoredManifest clip = StoreProcess.clip("a", 1);
        store.put(clip);
        store.put(new StoredManifest(
                StoredManifest.furtherId("a", "urn:c2pa:movie"),
                clip.watermarkId(),
                "urn:c2pa:movie",
                new byte[] {1},
                clip.fingerprint(),
                Instant.EPOCH));
        StoredManifest movie = store.findByLabel("urn:c2pa:movie").get(0);
        assertTrue(movie.isFurther());
        assertEquals("a", movie.assetId());
        assertEquals(
                List.of("a"),
                store.findByPictures(film(1), 5).stream()
                        .map(StoredManifest::recordId)
                        .toList());
    }

    @Test
    void replacesAClipThatIsPutAgain() throws Exception {
        store.put(StoreProcess.clip("a", 1));
        store.put(StoreProcess.clip("a", 7));
        assertEquals(1, store.count());
        assertEquals("0102030400000007", store.find("a").orElseThrow().watermarkHex());
        assertEquals(List.of(), store.findByWatermark(new byte[] {1, 2, 3, 4, 0, 0, 0, 1}));
    }

    @Test
    void forgetsAClip() throws Exception {
        store.put(StoreProcess.clip("a", 1));
        assertTrue(store.remove("a"));
        assertFalse(store.remove("a"));
        assertEquals(0, store.count());
        assertEquals(List.of(), store.findByPictures(film(1), 5));
    }

    @Test
    void findsTheClipThatLooksLikeAFileFirst() throws Exception {
        for (int seed = 1; seed <= 20; seed++) {
            store.put(new StoredManifest(
                    "scene" + seed,
                    new byte[0],
                    "urn:c2pa:" + seed,
                    new byte[] {1},
                    new Scene(seed).fingerprint(new VideoFormat(96, 64, 49, 24)),
                    Instant.EPOCH));
        }
        for (int seed : new int[] {3, 17}) {
            List<StoredManifest> found = store.findByPictures(film(seed), 5);
            assertEquals("scene" + seed, found.get(0).assetId());
        }
        assertEquals(List.of(), store.findByPictures(film(99), 5));
    }

    private static FilePictures film(long seed) {
        return Scene.film(new Scene(seed)::luma, 2, DoubleUnaryOperator.identity());
    }

    @Test
    void remembersAfterItWasClosed() throws Exception {
        store.put(StoreProcess.clip("a", 1));
        store.close();
        assertIsA(store.find("a").orElseThrow());
        store.close();
        try (ManifestRepository again = new ManifestRepository(file, null)) {
            assertIsA(again.find("a").orElseThrow());
        }
    }

    @Test
    void losesNothingThatWasPutWhenItsProcessIsKilled() throws Exception {
        Path output = folder.resolve("output");
        Process process = StoreProcess.start(file, "k", 100_000, output);
        while (!Files.exists(output) || Files.size(output) < 200) {
            assertTrue(process.isAlive(), () -> read(output));
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        List<String> put = read(output).lines().toList();
        // the line that was being written when it died may be cut
        for (String asset : put.subList(0, put.size() - 1)) {
            assertTrue(store.find(asset).isPresent(), asset);
        }
        assertTrue(store.count() >= put.size() - 1 && store.count() <= put.size() + 1);
        store.put(StoreProcess.clip("after", 1));
    }

    @Test
    void isSharedByProcesses() throws Exception {
        Process other = StoreProcess.start(file, "x", 100, folder.resolve("output"));
        for (int i = 0; i < 100; i++) {
            store.put(StoreProcess.clip("y" + i, i));
        }
        assertTrue(other.waitFor(50, TimeUnit.SECONDS));
        assertEquals(0, other.exitValue(), () -> read(folder.resolve("output")));
        assertEquals(200, store.count());
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void namesADamagedFileAndItsMend() throws Exception {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, "this is no database at all, but it is long enough to look at".repeat(100));
        String failure = failure(() -> store.find("a"));
        assertTrue(failure.startsWith(file + ": cannot be used as manifest repository"), failure);
        assertTrue(failure.contains("move it away"), failure);
        Files.delete(file);
        store.put(StoreProcess.clip("a", 1));
        assertEquals(1, store.count());
    }

    @Test
    void refusesADatabaseOfAnotherProgramOrVersion() throws Exception {
        Files.createDirectories(file.resolveSibling(""));
        sql("create table shopping(list text)");
        assertContains("it is a database of another program", failure(() -> store.count()));
        Files.delete(file);
        store.put(StoreProcess.clip("a", 1));
        store.close();
        sql("pragma user_version = 3");
        assertContains("made by another version of Patchreel: format 3, here is 2", failure(() -> store.count()));
    }

    @Test
    void aFileOfTheFirstVersionTakesTakedowns() throws Exception {
        store.put(StoreProcess.clip("a", 1));
        store.close();
        sql("drop table takedown");
        sql("drop table takedown_file");
        sql("pragma user_version = 1");
        TakedownRegister register = new TakedownRegister(store);
        register.add(
                new Takedowns.Takedown("a", Instant.EPOCH, "notice"),
                Optional.of("00112233445566aa"),
                Set.of("f".repeat(64)));
        assertEquals(1, store.count());
        assertEquals("a", register.ofFile("f".repeat(64)).orElseThrow().assetId());
        assertEquals("a", register.ofMark("00112233445566aa").orElseThrow().assetId());
        assertEquals(Optional.empty(), register.ofMark("0000000000000000"));
        assertEquals(
                "a",
                register.ofPictures(StoreProcess.clip("a", 1).fingerprint())
                        .orElseThrow()
                        .assetId());
    }

    private static String failure(Executable call) {
        return String.valueOf(assertThrows(IOException.class, call).getMessage());
    }

    private static void assertContains(String part, String text) {
        assertTrue(text.contains(part), text);
    }

    private void sql(String text) throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    @Test
    void saysWhyTheFileCannotBeMade() throws Exception {
        Files.writeString(folder.resolve("new"), "a file where a folder should be");
        assertContains(folder.resolve("new").toString(), failure(() -> store.put(StoreProcess.clip("a", 1))));
    }

    @Test
    void refusesADatabaseThatSomebodyElseMayHavePlanted() throws Exception {
        store.put(StoreProcess.clip("a", 1));
        store.close();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertContains("manifests.db: may be written by everybody", failure(() -> store.find("a")));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertTrue(store.find("a").isPresent());
    }

    @Test
    void refusesAnEntryThatLacksSomething() {
        StoredManifest good = StoreProcess.clip("a", 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new StoredManifest("a", new byte[7], "l", new byte[1], good.fingerprint(), Instant.EPOCH));
        assertThrows(
                IllegalArgumentException.class,
                () -> new StoredManifest("a", new byte[8], "l", new byte[0], good.fingerprint(), Instant.EPOCH));
    }
}
