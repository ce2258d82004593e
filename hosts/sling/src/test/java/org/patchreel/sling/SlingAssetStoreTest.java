package org.patchreel.sling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.jcr.Node;
import javax.jcr.RepositoryException;
import javax.jcr.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFile;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.contract.AssetStoreContract;
import org.patchreel.contract.SampleAsset;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;

class SlingAssetStoreTest extends AssetStoreContract {

    @TempDir
    Path directory;

    private OakRepository repository;
    private SlingAssetStore store;
    private int process;

    @BeforeEach
    void start() throws Exception {
        repository = OakRepository.open(directory);
        store = open();
    }

    @AfterEach
    void stop() {
        repository.close();
    }

    private SlingAssetStore open() {
        return new SlingAssetStore(repository, directory.resolve("drafts"), "process" + ++process, OakRepository.ROOT);
    }

    @Override
    protected AssetStore store() {
        return store;
    }

    @Override
    protected AssetStore restart() throws IOException {
        try {
            repository.close();
            repository = OakRepository.open(directory);
            store = open();
            return store;
        } catch (RepositoryException e) {
            throw new IOException(e);
        }
    }

    @Override
    protected Optional<String> folder(String name) throws IOException {
        asAdmin(admin -> OakRepository.folder(admin, OakRepository.ROOT + "/" + name));
        return Optional.of(OakRepository.ROOT + "/" + name);
    }

    @Override
    protected String missingFolder() {
        return OakRepository.ROOT + "/missing";
    }

    @Override
    protected Optional<Destination> forbidden() throws IOException {
        asAdmin(admin -> OakRepository.permit(
                OakRepository.folder(admin, "/content/dam/others"), OakRepository.SERVICE_USER, "jcr:read"));
        return Optional.of(new Destination(Optional.of("/content/dam/others"), Optional.empty()));
    }

    @Override
    protected byte[] read(AssetReference asset, long from, int length) throws IOException {
        try {
            Session admin = repository.admin();
            try (InputStream in = admin.getNode(asset.location().getPath())
                    .getProperty("jcr:content/jcr:data")
                    .getBinary()
                    .getStream()) {
                in.skipNBytes(from);
                return in.readNBytes(length);
            } finally {
                admin.logout();
            }
        } catch (RepositoryException e) {
            throw new IOException(e);
        }
    }

    @Test
    void keepsMetadataUnderTheirCommonNamesAndPicturesAsRenditions() throws Exception {
        String path = store("01A", "Größe 2:1").location().getPath();
        assertEquals(OakRepository.ROOT + "/Größe-2-1.mp4", path);
        asAdmin(admin -> {
            Node asset = admin.getNode(path);
            assertTrue(asset.isNodeType("nt:file"));
            assertEquals(
                    "video/mp4", asset.getProperty("jcr:content/jcr:mimeType").getString());
            Node metadata = asset.getNode("jcr:content/metadata");
            assertEquals("Größe 2:1", metadata.getProperty("dc:title").getString());
            assertEquals(
                    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                    metadata.getProperty("Iptc4xmpExt:DigitalSourceType").getString());
            assertEquals(
                    SampleAsset.PROMPT, metadata.getProperty("patchreel:prompt").getString());
            assertEquals(
                    "Anna & Größe",
                    metadata.getProperty("dc:creator").getValues()[0].getString());
            assertEquals("© 2026 東京 AG", metadata.getProperty("dc:rights").getString());
            assertEquals(
                    Instant.parse("2027-06-30T16:00:00Z"),
                    metadata.getProperty("prism:expirationDate").getDate().toInstant());
            Node poster = asset.getNode("jcr:content/renditions/poster.jpg");
            assertEquals(
                    "image/jpeg", poster.getProperty("jcr:content/jcr:mimeType").getString());
            assertTrue(asset.hasNode("jcr:content/renditions/contact-sheet.jpg"));
        });
    }

    @Test
    void givesASecondClipOfOneTitleANumber() throws IOException {
        store("01A", "Ball");
        assertEquals(
                OakRepository.ROOT + "/Ball-2.mp4",
                store("01B", "Ball").location().getPath());
    }

    @Test
    void findsAnAssetThatSomebodyHasMovedAndRetitled() throws Exception {
        String path = store("01A", "Ball").location().getPath();
        asAdmin(admin -> {
            OakRepository.folder(admin, OakRepository.ROOT + "/moved");
            admin.move(path, OakRepository.ROOT + "/moved/Kugel.mp4");
            Node metadata = admin.getNode(OakRepository.ROOT + "/moved/Kugel.mp4/jcr:content/metadata");
            metadata.getProperty("dc:title").remove();
            metadata.setProperty("dc:title", new String[] {"Kugel", "Ball"});
            admin.save();
        });
        var asset = store.find("01A").orElseThrow();
        assertEquals(
                OakRepository.ROOT + "/moved/Kugel.mp4",
                asset.reference().location().getPath());
        assertEquals(Optional.of("Kugel"), asset.metadata().title());
        assertEquals(List.of(asset.reference()), store.list());
    }

    @Test
    void knowsWhatTheManifestSaysOfTheRightsAfterAnEditorHasChangedThem() throws Exception {
        String path = store("01A", "Ball").location().getPath();
        asAdmin(admin -> {
            Node metadata = admin.getNode(path + "/jcr:content/metadata");
            metadata.setProperty("dc:rights", "two\nlines " + "x".repeat(300));
            metadata.getProperty("prism:expirationDate").remove();
            admin.save();
        });
        assertEquals(
                SampleAsset.metadata("01A", Optional.of("Ball")).rights(),
                store.find("01A").orElseThrow().metadata().rights());
    }

    @Test
    void forgetsAnAssetThatSomebodyHasDeletedAndTakesItsIdAgain() throws Exception {
        String path = store("01A", "Ball").location().getPath();
        asAdmin(admin -> {
            admin.removeItem(path);
            admin.save();
        });
        assertEquals(List.of(), store.list());
        assertEquals(Optional.empty(), store.find("01A"));
        assertEquals(path, store("01A", "Ball").location().getPath());
        assertTrue(store.find("01A").isPresent());
    }

    @Test
    void namesThePropertyThatSomebodyHasDamaged() throws Exception {
        String path = store("01A", "Ball").location().getPath();
        asAdmin(admin -> {
            admin.getNode(path)
                    .getProperty("jcr:content/metadata/patchreel:created")
                    .setValue("yesterday");
            admin.save();
        });
        IOException damage = assertThrows(IOException.class, () -> store.find("01A"));
        assertTrue(damage.toString().contains(path) && damage.toString().contains("yesterday"), damage.toString());
    }

    @Test
    void saysThatNoServiceUserIsMapped() {
        repository.unmap();
        IOException refusal = assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT));
        assertTrue(refusal.toString().contains("no service user is mapped"), refusal.toString());
    }

    @Test
    void saysThatTheRepositoryIsReadOnlyBeforeAnythingIsMade() throws IOException {
        repository.makeReadOnly();
        IOException refusal = assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT));
        assertTrue(refusal.toString().contains("not writable"), refusal.toString());
        assertFalse(Files.exists(directory.resolve("drafts/process1/01A")));
    }

    @Test
    void leavesNothingWhenItIsForbiddenToWriteMidway() throws Exception {
        try (AssetDraft draft = store.open("01A", Destination.DEFAULT)) {
            fill(draft, "01A");
            asAdmin(admin ->
                    OakRepository.deny(admin.getNode(OakRepository.ROOT), OakRepository.SERVICE_USER, "rep:write"));
            IOException refusal = assertThrows(
                    IOException.class, () -> draft.commit(SampleAsset.metadata("01A", Optional.of("Ball"))));
            assertTrue(refusal.toString().contains("permission denied"), refusal.toString());
            assertTrue(Files.exists(draft.directory().resolve("clip.mp4")), "the draft is lost");
        }
        asAdmin(admin -> {
            assertFalse(admin.nodeExists(OakRepository.ROOT + "/Ball.mp4"));
            assertFalse(admin.nodeExists(AssetIndex.PATH + "/01A"));
        });
    }

    @Test
    void removesTheDraftsOfAKilledProcess() throws IOException {
        AssetDraft left = store.open("01A", Destination.DEFAULT);
        fill(left, "01A");
        SlingAssetStore next = open();
        assertFalse(Files.exists(left.directory()));
        try (AssetDraft draft = next.open("01A", Destination.DEFAULT);
                Stream<Path> files = Files.list(draft.directory())) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void refusesASecondDraftOfTheSameId() throws IOException {
        try (AssetDraft first = store.open("01A", Destination.DEFAULT)) {
            assertTrue(Files.isDirectory(first.directory()));
            IOException refusal = assertThrows(IOException.class, () -> store.open("01A", Destination.DEFAULT));
            assertTrue(refusal.toString().contains("is being made already"), refusal.toString());
        }
    }

    @Test
    void storesOneOfTwoThatHaveOneIdAtTheSameTime() throws Exception {
        SlingAssetStore other =
                new SlingAssetStore(repository, directory.resolve("elsewhere"), "process", OakRepository.ROOT);
        try (AssetDraft first = store.open("01A", Destination.DEFAULT);
                AssetDraft second = other.open("01A", Destination.DEFAULT)) {
            fill(first, "01A");
            fill(second, "01A");
            first.commit(SampleAsset.metadata("01A", Optional.empty()));
            assertThrows(IOException.class, () -> second.commit(SampleAsset.metadata("01A", Optional.empty())));
        }
        assertEquals(1, store.list().size());
    }

    private AssetReference store(String id, String title) throws IOException {
        try (AssetDraft draft = store.open(id, new Destination(Optional.empty(), Optional.of(title)))) {
            fill(draft, id);
            return draft.commit(SampleAsset.metadata(id, Optional.of(title)));
        }
    }

    private static void fill(AssetDraft draft, String id) throws IOException {
        for (AssetFile file : AssetFile.values()) {
            Files.write(draft.directory().resolve(file.fileName()), (file + " of " + id).getBytes(UTF_8));
        }
    }

    private interface Work {
        void with(Session admin) throws RepositoryException;
    }

    private void asAdmin(Work work) throws IOException {
        try {
            Session admin = repository.admin();
            try {
                work.with(admin);
            } finally {
                admin.logout();
            }
        } catch (RepositoryException e) {
            throw new IOException(e);
        }
    }
}
