package org.patchreel.aem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.wcm.testing.mock.aem.junit5.AemContext;
import io.wcm.testing.mock.aem.junit5.AemContextExtension;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.sling.testing.mock.sling.ResourceResolverType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.patchreel.api.Media;
import org.patchreel.api.Storyboard;
import org.patchreel.contract.KeptSources;

@ExtendWith(AemContextExtension.class)
@SuppressWarnings("NullAway.Init")
class DamPayloadTest {

    final AemContext context = new AemContext(ResourceResolverType.JCR_OAK);

    private Repository repository;

    @BeforeEach
    void start() throws Exception {
        repository = new Repository(context);
    }

    private DamPayload payload(String path) {
        return new DamPayload(context.resourceResolver(), path);
    }

    @Test
    void readsMetadataOfAnAssetAndOfSeveralValuesTheFirst() throws Exception {
        String path = repository.payload(
                "brief.txt",
                "text/plain",
                "",
                Map.of("dc:title", "Größe", "dc:subject", new String[] {"ball", "sunset"}, "shots", 3L));
        DamPayload payload = payload(path);
        assertEquals(Optional.of("Größe"), payload.property("title"));
        assertEquals(Optional.of("Größe"), payload.property("dc:title"));
        assertEquals(Optional.of("ball"), payload.property("dc:subject"));
        assertEquals(Optional.of("3"), payload.property("shots"));
        assertEquals(Optional.empty(), payload.property("dc:rights"));
    }

    @Test
    void readsWhatALauncherNamesBelowAnAssetAsTheAsset() throws Exception {
        String path = repository.payload("brief.txt", "text/plain", "a blue cube", Map.of("dc:title", "Brief"));
        DamPayload payload = payload(path + "/jcr:content/renditions/original");
        assertEquals(Optional.of("Brief"), payload.property("title"));
        assertEquals(Optional.of("a blue cube"), payload.text(Optional.empty()));
        assertEquals("/content/dam/briefs", payload.folder());
    }

    @Test
    void readsTheTitleOfAFolder() throws Exception {
        context.create().resource(Repository.FOLDER + "/spring", Map.of("jcr:primaryType", "sling:OrderedFolder"));
        context.create().resource(Repository.FOLDER + "/spring/jcr:content", Map.of("jcr:title", "Spring"));
        DamPayload payload = payload(Repository.FOLDER + "/spring");
        assertEquals(Optional.of("Spring"), payload.property("title"));
        assertEquals(Repository.FOLDER + "/spring", payload.folder());
        assertEquals(Optional.empty(), payload.text(Optional.empty()));
    }

    @Test
    void readsATextAssetAndNotMoreOfItThanAStoryboardMayHave() throws Exception {
        String path = repository.payload("long.txt", "text/plain", "é".repeat(300_000), Map.of());
        assertEquals(
                Storyboard.MAX_LENGTH + 1,
                payload(path).text(Optional.of(path)).orElseThrow().length());
        String marked = repository.payload("marked.txt", "text/plain", "\uFEFFa blue cube", Map.of());
        assertEquals(Optional.of("a blue cube"), payload(path).text(Optional.of(marked)));
    }

    @Test
    void takesNothingForTextThatIsNone() throws Exception {
        String path = repository.payload("brief.bin", "application/x-brief", "a blue cube", Map.of());
        assertEquals(Optional.empty(), payload(path).text(Optional.empty()));
        assertEquals(Optional.empty(), payload(path).text(Optional.of("/content/dam/missing.txt")));
    }

    @Test
    void readsTheOriginalOfAnAssetAsAPictureOrClip() throws Exception {
        byte[] bytes = {1, 2, 3};
        String path = Repository.BRIEFS + "/ball.png";
        repository.createAsset(path, "image/png", bytes);
        KeptSources store = new KeptSources();
        Optional<Media> read = Optional.of(KeptSources.upload("ball.png", bytes));
        assertEquals(read, payload(path + "/jcr:content/renditions/original").media(Optional.empty(), store));
        assertEquals(read, payload(Repository.FOLDER).media(Optional.of(path), store));
        assertEquals(Optional.empty(), payload(Repository.FOLDER).media(Optional.empty(), store));
        assertEquals(Optional.empty(), payload(path).media(Optional.of("/content/dam/missing.png"), store));
    }

    @Test
    void saysThatThePayloadIsGone() {
        IOException failure = assertThrows(
                IOException.class, () -> payload("/content/dam/gone").property("title"));
        assertEquals("/content/dam/gone is not there, or admin may not read it", failure.getMessage());
    }
}
