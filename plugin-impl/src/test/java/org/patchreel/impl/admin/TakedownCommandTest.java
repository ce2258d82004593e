package org.patchreel.impl.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.impl.audit.Audit;
import org.patchreel.impl.verify.StoredManifest;
import org.patchreel.impl.verify.Studio;
import org.patchreel.impl.verify.TakedownRegister;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditEvent;

@Timeout(120)
class TakedownCommandTest {

    private static final Requester OFFICER = Requester.of("officer");
    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<AuditEvent> events = new ArrayList<>();
    private final Audit audit = new Audit(true);
    private Studio studio;
    private Path clip;
    private StoredManifest manifest;
    private TakedownRegister register;
    private OneAsset store;

    /** Has one asset until it is withdrawn. */
    private static final class OneAsset implements AssetStore {
        private final StoredAsset asset;
        boolean withdraws = true;
        boolean withdrawn;

        OneAsset(Path clip) {
            asset = new OneAssetStore(clip).asset;
        }

        @Override
        public AssetDraft open(String id, Destination destination) throws IOException {
            throw new IOException("full");
        }

        @Override
        public List<AssetReference> list() {
            return withdrawn ? List.of() : List.of(asset.reference());
        }

        @Override
        public Optional<StoredAsset> find(String id) {
            return Optional.of(asset)
                    .filter(each -> !withdrawn && each.reference().id().equals(id));
        }

        @Override
        public boolean withdraw(String id, String reason) throws IOException {
            if (!withdraws) {
                return AssetStore.super.withdraw(id, reason);
            }
            boolean is = find(id).isPresent();
            withdrawn |= is;
            return is;
        }

        @Override
        public Optional<StoredAsset> findWithdrawn(String id) {
            return Optional.of(asset)
                    .filter(each -> withdrawn && each.reference().id().equals(id));
        }
    }

    @BeforeEach
    void makeClip() throws Exception {
        studio = new Studio(folder);
        clip = folder.resolve("clip.mp4");
        manifest = studio.make(OneAssetStore.ID, 3, clip);
        register = new TakedownRegister(studio.store);
        store = new OneAsset(clip);
        audit.addSink(events::add);
    }

    @AfterEach
    void close() {
        studio.close();
    }

    private int takeDown(String... arguments) throws IOException {
        PrintStream out = new PrintStream(printed, true, UTF_8);
        return new TakedownCommand(store, studio.verifier(), studio.store, register, audit, () -> NOW)
                .run(folder, OFFICER, Console.lines(out, out), arguments);
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void aCopyThatWasStrippedAndEncodedAgainLeadsToTheClipWhichIsTakenDown() throws Exception {
        Path copy = Studio.encode(folder.resolve("copy.mp4"), Studio.decoded(clip), 23);
        assertEquals(0, takeDown("copy.mp4", "--reason", "notice 117"));
        assertTrue(store.withdrawn);
        for (var found : List.of(
                register.ofAsset(OneAssetStore.ID),
                register.ofFile(sha256(copy)),
                register.ofFile(sha256(clip)),
                register.ofMark(
                        store.asset.metadata().provenance().watermarkId().orElseThrow()),
                register.ofPictures(manifest.fingerprint()))) {
            assertEquals(OneAssetStore.ID, found.orElseThrow().assetId());
            assertEquals("notice 117", found.orElseThrow().reason());
            assertEquals(NOW, found.orElseThrow().time());
        }
        assertEquals(1, events.size());
        assertEquals(OFFICER, events.get(0).by());
        assertEquals(OneAssetStore.ID, events.get(0).subject());
        assertEquals(
                Map.of("reason", "notice 117", "store", "withdrawn", "file", sha256(copy)),
                events.get(0).action().facts());
    }

    @Test
    void aMasterIsTakenDownWithItsClip() throws Exception {
        Path master = Studio.encode(folder.resolve("master.mp4"), Studio.decoded(clip), 23);
        takeDown(OneAssetStore.ID);
        assertEquals(
                OneAssetStore.ID, register.ofFile(sha256(master)).orElseThrow().assetId());
    }

    @Test
    void anotherClipIsNotTakenForTheOneThatWasTakenDown() throws Exception {
        StoredManifest other = studio.make("OTHER", 5, folder.resolve("other.mp4"));
        takeDown(OneAssetStore.ID);
        assertEquals(Optional.empty(), register.ofPictures(other.fingerprint()));
        assertEquals(Optional.empty(), register.ofMark(other.watermarkHex()));
        assertEquals(Optional.empty(), register.ofAsset("OTHER"));
    }

    @Test
    void aClipThatTheStoreHasNoMoreIsTakenDownByWhatIsRememberedOfIt() throws Exception {
        studio.make("GONE", 5, folder.resolve("gone.mp4"));
        assertEquals(0, takeDown("GONE", "--json"));
        JsonNode json = new ObjectMapper().readTree(printed.toByteArray());
        assertEquals("missing", json.get("store").textValue());
        assertTrue(register.ofMark(json.get("watermark").textValue()).isPresent());
    }

    @Test
    void aStoreThatRefusesIsNamedAndCopiesAreBlockedAllTheSame() throws Exception {
        store.withdraws = false;
        assertEquals(1, takeDown(OneAssetStore.ID));
        assertTrue(printed.toString(UTF_8).contains("use the means of its host"), printed.toString(UTF_8));
        assertTrue(register.ofAsset(OneAssetStore.ID).isPresent());
    }

    @Test
    void aTakedownThatCannotBeRecordedIsDoneAndSaysSo() throws Exception {
        audit.addSink(event -> {
            throw new IOException("the disk is full");
        });
        assertEquals(1, takeDown(OneAssetStore.ID));
        assertTrue(store.withdrawn);
        assertTrue(printed.toString(UTF_8).contains("NOT RECORDED"), printed.toString(UTF_8));
    }

    @Test
    void aSecondTakedownChangesNothing() throws Exception {
        takeDown(OneAssetStore.ID, "--reason", "first");
        assertEquals(0, takeDown(OneAssetStore.ID, "--reason", "second"));
        assertEquals("first", register.ofAsset(OneAssetStore.ID).orElseThrow().reason());
    }

    @Test
    void whatIsNoClipOfOursIsNamed() throws Exception {
        assertEquals(
                "neither an asset nor a file: nothing",
                assertThrows(IllegalArgumentException.class, () -> takeDown("nothing"))
                        .getMessage());
        Files.writeString(folder.resolve("text.mp4"), "no clip");
        assertEquals(
                "text.mp4 is not known to show a clip of this installation",
                assertThrows(IllegalArgumentException.class, () -> takeDown("text.mp4"))
                        .getMessage());
        assertEquals(List.of(), events);
    }
}
