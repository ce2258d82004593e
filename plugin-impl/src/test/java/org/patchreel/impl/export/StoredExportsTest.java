package org.patchreel.impl.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetMetadata;
import org.patchreel.api.AssetMetadata.Review;
import org.patchreel.api.AssetMetadata.Review.Decision;
import org.patchreel.api.AssetReference;
import org.patchreel.api.Destination;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.audit.Audit;
import org.patchreel.spi.AssetDraft;
import org.patchreel.spi.AssetStore;
import org.patchreel.spi.AuditAction;
import org.patchreel.spi.AuditEvent;
import org.patchreel.spi.Settings;

/** Who gets a clip without its label, and that it is recorded. */
class StoredExportsTest {

    private static final Requester ANNA = Requester.of("anna");
    private static final AssetMetadata METADATA =
            SampleClips.metadata(SampleClips.ID, Optional.empty(), "a red ball", new VideoFormat(320, 192, 9, 8));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private final List<AuditEvent> events = new ArrayList<>();
    private final Audit audit = new Audit(true);

    @BeforeEach
    void listen() {
        audit.addSink(events::add);
    }

    private StoredExports exports(AssetMetadata metadata, boolean approvedOnly) {
        Map<String, StoredAsset> assets = Map.of(metadata.id(), new SampleClips.Stored(folder, metadata));
        return new StoredExports(
                new AssetStore() {
                    @Override
                    public AssetDraft open(String id, Destination destination) {
                        throw new AssertionError("nothing is stored");
                    }

                    @Override
                    public List<AssetReference> list() {
                        throw new AssertionError("nothing is listed");
                    }

                    @Override
                    public Optional<StoredAsset> find(String id) {
                        return Optional.ofNullable(assets.get(id));
                    }
                },
                new Exporter(() -> false, null, (file, kind, clip) -> Optional.empty(), new Settings<>(approvedOnly)),
                audit);
    }

    private static AssetMetadata reviewed(Decision decision) {
        return METADATA.reviewed(new Review(decision, "otto", Instant.EPOCH, Optional.of("seen")), Optional.empty());
    }

    @Test
    void aMasterIsHandedOutAndItIsRecordedWhoGotIt() throws Exception {
        Files.write(folder.resolve("master.mp4"), new byte[] {1, 2, 3});
        try (SeekableByteChannel master = exports(METADATA, false).master(SampleClips.ID, ANNA)) {
            assertArrayEquals(
                    new byte[] {1, 2, 3}, Channels.newInputStream(master).readAllBytes());
        }
        assertEquals(1, events.size());
        assertEquals(SampleClips.ID, events.get(0).subject());
        assertEquals(ANNA, events.get(0).by());
        assertEquals(new AuditAction.Exported(List.of("master")), events.get(0).action());
    }

    @Test
    void thatOfARejectedClipIsNot() throws Exception {
        Files.write(folder.resolve("master.mp4"), new byte[] {1});
        assertEquals(
                "asset " + SampleClips.ID + " was rejected by otto: it is not handed out without its label",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> exports(reviewed(Decision.REJECTED), false)
                                        .master(SampleClips.ID, ANNA))
                        .getMessage());
        assertEquals(List.of(), events);
    }

    @Test
    void whereOnlyWhatIsApprovedIsHandedOverMastersAreNoException() throws Exception {
        Files.write(folder.resolve("master.mp4"), new byte[] {1});
        assertThrows(
                IllegalArgumentException.class, () -> exports(METADATA, true).master(SampleClips.ID, ANNA));
        exports(reviewed(Decision.APPROVED), true).master(SampleClips.ID, ANNA).close();
        assertEquals(1, events.size());
    }

    @Test
    void whatIsNotThereIsNotRecorded() {
        StoredExports exports = exports(METADATA, false);
        assertThrows(NoSuchFileException.class, () -> exports.master(SampleClips.ID, ANNA));
        assertThrows(NoSuchFileException.class, () -> exports.master(SampleClips.OTHER_ID, ANNA));
        assertEquals(List.of(), events);
    }

    @Test
    void whatCannotBeRecordedIsNotHandedOut() throws Exception {
        Files.write(folder.resolve("master.mp4"), new byte[] {1});
        audit.addSink(event -> {
            throw new IOException("the disk is full");
        });
        IOException failure =
                assertThrows(IOException.class, () -> exports(METADATA, false).master(SampleClips.ID, ANNA));
        assertTrue(String.valueOf(failure.getMessage()).contains("the disk is full"), failure.toString());
    }
}
