package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.day.cq.dam.api.Asset;
import com.day.cq.dam.api.AssetManager;
import io.wcm.testing.mock.aem.junit5.AemContext;
import io.wcm.testing.mock.aem.junit5.AemContextExtension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.apache.sling.api.resource.ResourceResolver;
import org.apache.sling.testing.mock.sling.ResourceResolverType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.AssetFacts;
import org.patchreel.api.Destination;
import org.patchreel.api.GenerationRequest;
import org.patchreel.api.OutputKind;
import org.patchreel.api.Requester;
import org.patchreel.api.StoredAsset;
import org.patchreel.contract.SampleAsset;
import org.patchreel.contract.ScriptedGenerator;

@ExtendWith(AemContextExtension.class)
@SuppressWarnings("NullAway.Init")
class DamFolderTest {

    /** More than an {@code int} can count. */
    private static final long LARGE = (1L << 31) + 4097;

    final AemContext context = new AemContext(ResourceResolverType.JCR_OAK);

    @TempDir
    Path directory;

    private Repository repository;
    private ResourceResolver resolver;

    @BeforeEach
    void start() throws Exception {
        repository = new Repository(context);
        repository.registerNamespaces();
        resolver = repository.login();
    }

    private StoredAsset clip(String id, Optional<String> title) throws Exception {
        ScriptedGenerator generator = new ScriptedGenerator(directory);
        generator.submit(
                id,
                GenerationRequest.builder("a red ball")
                        .destination(new Destination(Optional.empty(), title))
                        .build(),
                Requester.UNKNOWN);
        return generator.asset(id).orElseThrow();
    }

    private StoredAsset still(String id) throws Exception {
        ScriptedGenerator generator = new ScriptedGenerator(directory);
        generator.submit(
                id,
                GenerationRequest.builder("a red ball")
                        .kind(OutputKind.STILL)
                        .destination(new Destination(Optional.empty(), Optional.of("Ball")))
                        .build(),
                Requester.UNKNOWN);
        return generator.asset(id).orElseThrow();
    }

    @Test
    void storesAStillAsAPictureWithThumbnailsAndNoContactSheet() throws Exception {
        String path = folder(Repository.FOLDER).store(still("01A"));
        assertEquals(Repository.FOLDER + "/Ball.png", path);
        assertEquals("image/png", repository.metadata(path).get("dc:format"));
        Asset asset = resolver.getResource(path).adaptTo(Asset.class);
        assertEquals("image/png", asset.getOriginal().getMimeType());
        assertArrayEquals(
                ScriptedGenerator.clip(), asset.getOriginal().getStream().readAllBytes());
        Set<String> renditions = new TreeSet<>();
        asset.listRenditions().forEachRemaining(rendition -> renditions.add(rendition.getName()));
        assertTrue(renditions.contains("cq5dam.thumbnail.319.319.png"), renditions.toString());
        assertFalse(renditions.contains(DamFolder.CONTACT_SHEET), renditions.toString());
    }

    private DamFolder folder(String path) {
        return new DamFolder(resolver, path);
    }

    private String refusal(String path) {
        return String.valueOf(
                assertThrows(IOException.class, () -> folder(path).check()).getMessage());
    }

    @Test
    void describesTheAssetForPeopleAndForReview() throws Exception {
        String path = folder(Repository.FOLDER).store(clip("01A", Optional.of("Größe 赤い")));
        Map<String, Object> metadata = repository.metadata(path);
        assertEquals("Größe 赤い", metadata.get("dc:title"));
        assertEquals(SampleAsset.PROMPT, metadata.get("dc:description"));
        assertEquals("video/mp4", metadata.get("dc:format"));
        assertEquals(
                "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
                metadata.get("Iptc4xmpExt:DigitalSourceType"));
        assertEquals("pending", metadata.get("dam:status"));
        assertArrayEquals(new String[] {"Anna & Größe"}, (String[]) metadata.get("dc:creator"));
        assertEquals("© 2026 東京 AG", metadata.get("dc:rights"));
        assertEquals(
                Instant.parse("2027-06-30T16:00:00Z"),
                ((Calendar) Objects.requireNonNull(metadata.get("prism:expirationDate"))).toInstant());
        assertEquals("01A", metadata.get("patchreel:id"));
        assertEquals(SampleAsset.PROMPT, metadata.get("patchreel:prompt"));
        assertEquals("blurred, <b>bold</b>", metadata.get("patchreel:negativePrompt"));
        assertEquals("starter", metadata.get("patchreel:model"));
        assertEquals(9_007_199_254_740_991L, metadata.get("patchreel:seed"));
        assertEquals(30L, metadata.get("patchreel:steps"));
        assertEquals(5.5, metadata.get("patchreel:guidanceScale"));
        assertEquals("0123456789abcdef", metadata.get("patchreel:watermark"));
        assertEquals("urn:c2pa:3f6d1e7e-0c5a-4a53-9a53-0d2f1f3c9a10", metadata.get("patchreel:manifest"));
        assertEquals("CN=Signer, O=東京", metadata.get("patchreel:signer"));
        assertEquals(DamFolder.NAMESPACE, repository.admin().getNamespaceURI("patchreel"));
    }

    @Test
    void keepsEveryFactThatIsKnownOfTheClip() throws Exception {
        StoredAsset clip = clip("01A", Optional.of("Ball"));
        Map<String, Object> metadata =
                repository.metadata(folder(Repository.FOLDER).store(clip));
        Map<String, Object> facts = new HashMap<>(AssetFacts.of(clip.metadata()).values());
        assertEquals(facts.remove(AssetFacts.TITLE), metadata.get("dc:title"));
        assertEquals(facts.remove(AssetFacts.SOURCE_TYPE), metadata.get("Iptc4xmpExt:DigitalSourceType"));
        facts.forEach((fact, value) -> {
            Object kept = metadata.get("patchreel:" + fact);
            assertEquals(value, kept instanceof String[] entries ? List.of(entries) : kept, fact);
        });
        assertEquals(128L, metadata.get("patchreel:generatedWidth"));
    }

    @Test
    void leavesTheStateOfProcessingToAem() throws Exception {
        String path = folder(Repository.FOLDER).store(clip("01A", Optional.empty()));
        assertFalse(repository.metadata(path).containsKey("dam:assetState"));
        assertFalse(repository.properties(path + "/jcr:content").containsKey("dam:assetState"));
    }

    @Test
    void makesRenditionsByTheNamesAndSizesThatAemLooksFor() throws Exception {
        String path = folder(Repository.FOLDER).store(clip("01A", Optional.empty()));
        // The poster has 640x368 pixels.
        assertPicture(path, "cq5dam.thumbnail.48.48.png", 48, 28);
        assertPicture(path, "cq5dam.thumbnail.140.100.png", 140, 81);
        assertPicture(path, "cq5dam.thumbnail.319.319.png", 319, 183);
        assertPicture(path, "cq5dam.web.1280.1280.jpeg", 640, 368);
        assertPicture(path, "patchreel.contact-sheet.jpeg", 400, 300);
        assertEquals(
                "image/png",
                repository
                        .asset(path)
                        .getRendition("cq5dam.thumbnail.48.48.png")
                        .getMimeType());
        assertArrayEquals(ScriptedGenerator.clip(), repository.rendition(path, "original"));
        assertEquals("video/mp4", repository.asset(path).getMimeType());
    }

    @Test
    void aMasterIsARenditionAndNotTheOriginal() throws Exception {
        String without = folder(Repository.FOLDER).store(clip("01A", Optional.empty()));
        assertNull(repository.asset(without).getRendition("patchreel.master.mp4"));
        ScriptedGenerator generator = new ScriptedGenerator(directory);
        generator.keepMasters();
        generator.submit("01B", GenerationRequest.builder("a red ball").build(), Requester.UNKNOWN);
        String path = folder(Repository.FOLDER).store(generator.asset("01B").orElseThrow());
        assertArrayEquals(ScriptedGenerator.clip(), repository.rendition(path, "patchreel.master.mp4"));
        assertArrayEquals(ScriptedGenerator.clip(), repository.rendition(path, "original"));
        assertEquals(
                "video/mp4",
                repository.asset(path).getRendition("patchreel.master.mp4").getMimeType());
    }

    private void assertPicture(String path, String rendition, int width, int height) throws IOException {
        InputStream bytes = new ByteArrayInputStream(repository.rendition(path, rendition));
        BufferedImage picture = rendition.endsWith(".png") ? ImageIO.read(bytes) : Thumbnail.read(bytes);
        assertEquals(width, picture.getWidth(), rendition);
        assertEquals(height, picture.getHeight(), rendition);
        int center = picture.getRGB(width / 2, height / 2);
        assertTrue((center >> 16 & 255) > 200 && (center & 255) < 60, "the poster's red disc in " + rendition);
    }

    @Test
    void doesNotMindASlashAtTheEnd() throws Exception {
        assertEquals(
                Repository.FOLDER + "/Ball.mp4",
                folder(Repository.FOLDER + "/").store(clip("01A", Optional.of("Ball"))));
    }

    @Test
    void keepsAnAssetOfTheSameName() throws Exception {
        byte[] foreign = SampleAsset.clip(1, 100);
        repository.createAsset(Repository.FOLDER + "/Ball.mp4", "video/mp4", foreign);
        assertEquals(
                Repository.FOLDER + "/Ball-2.mp4", folder(Repository.FOLDER).store(clip("01A", Optional.of("Ball"))));
        assertArrayEquals(foreign, repository.rendition(Repository.FOLDER + "/Ball.mp4", "original"));
    }

    @Test
    void findsAClipThatItHasStoredBefore() throws Exception {
        StoredAsset clip = clip("01A", Optional.of("Ball"));
        folder(Repository.FOLDER).store(clip("01B", Optional.of("Ball")));
        String first = folder(Repository.FOLDER).store(clip);
        assertEquals(first, folder(Repository.FOLDER).store(clip));
        assertEquals(2, repository.clips());
    }

    @Test
    void choosesAnotherNameIfAnotherSessionIsFaster() throws Exception {
        StoredAsset clip = clip("01A", Optional.of("Ball"));
        byte[] foreign = SampleAsset.clip(1, 100);
        StoredAsset slow =
                new SlowClip(clip, () -> repository.createAsset(Repository.FOLDER + "/Ball.mp4", "video/mp4", foreign));
        assertEquals(
                Repository.FOLDER + "/Ball-2.mp4", folder(Repository.FOLDER).store(slow));
        assertArrayEquals(foreign, repository.rendition(Repository.FOLDER + "/Ball.mp4", "original"));
        assertArrayEquals(
                ScriptedGenerator.clip(), repository.rendition(Repository.FOLDER + "/Ball-2.mp4", "original"));
    }

    @Test
    void leavesNothingIfTheClipCannotBeReadToItsEnd() throws Exception {
        StoredAsset broken = new SampleClip("01A", Optional.empty(), 1_000_000, 500_000, clip("01B", Optional.empty()));
        IOException failure =
                assertThrows(IOException.class, () -> folder(Repository.FOLDER).store(broken));
        assertTrue(String.valueOf(failure.getMessage()).contains(Repository.FOLDER + "/01A.mp4"), failure + "");
        assertEquals(0, repository.clips());
        assertFalse(resolver.hasChanges());
    }

    @Test
    @SuppressWarnings("deprecation") // as in DamFolder
    void streamsAClipOfTwoGigabytesWithoutHoldingIt() throws Exception {
        assertTrue(Runtime.getRuntime().maxMemory() < LARGE / 2, "the heap could hold the clip");
        AtomicLong read = new AtomicLong();
        AssetManager counting = mock(AssetManager.class);
        when(counting.createAsset(any(), any(), any(), anyBoolean())).thenAnswer(call -> {
            read.set(SampleClip.count(call.getArgument(1)));
            return createEmpty(call.getArgument(0));
        });
        context.registerAdapter(ResourceResolver.class, AssetManager.class, counting);
        String path = folder(Repository.FOLDER)
                .store(new SampleClip("01A", Optional.empty(), LARGE, Long.MAX_VALUE, clip("01B", Optional.empty())));
        assertEquals(LARGE, read.get());
        assertEquals("01A", repository.metadata(path).get("patchreel:id"));
    }

    private Asset createEmpty(String path) throws Exception {
        create(path, "dam:Asset");
        create(path + "/jcr:content", "dam:AssetContent");
        create(path + "/jcr:content/metadata", "nt:unstructured");
        create(path + "/jcr:content/renditions", "nt:folder");
        return Optional.ofNullable(resolver.getResource(path).adaptTo(Asset.class))
                .orElseThrow();
    }

    private void create(String path, String type) throws Exception {
        int slash = path.lastIndexOf('/');
        resolver.create(
                Optional.ofNullable(resolver.getResource(path.substring(0, slash)))
                        .orElseThrow(),
                path.substring(slash + 1),
                Map.of("jcr:primaryType", type));
    }

    @Test
    void refusesAFolderThatIsNotThereByName() {
        assertEquals(
                "folder /content/dam/missing is not there, or workflow-process-service may not read it",
                refusal("/content/dam/missing"));
    }

    @Test
    void refusesAFolderThatTheWorkflowsUserMayNotWriteTo() {
        assertTrue(refusal(Repository.FORBIDDEN)
                .startsWith("folder /content/dam/archive: workflow-process-service has no" + " permission"));
    }

    @Test
    void refusesWhatIsNoFolder() throws Exception {
        String path = folder(Repository.FOLDER).store(clip("01A", Optional.empty()));
        assertEquals(path + " is not a folder", refusal(path));
    }

    @Test
    void refusesPathsOutsideTheDam() {
        assertTrue(refusal("/apps").contains("is not in /content/dam"));
        assertTrue(refusal("/content/damage").contains("is not in /content/dam"));
        assertTrue(refusal("/content/dam/../../apps").contains("is not in /content/dam"));
        assertTrue(refusal("clips").contains("is not in /content/dam"));
    }
}
