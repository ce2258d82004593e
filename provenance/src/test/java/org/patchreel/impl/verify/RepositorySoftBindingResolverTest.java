package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.jumbf.SuperBox;
import org.patchreel.impl.fingerprint.Fingerprint;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.spi.SoftBindingResolver;
import org.patchreel.spi.SoftBindingResolver.Algorithm;

class RepositorySoftBindingResolverTest {

    private static final String ALGORITHM = "org.patchreel.test.1";
    private static final byte[] MARK = {1, 2, 3, 4, 5, 6, 7, (byte) 0xfb};
    private static final Fingerprint PICTURES = new Scene(1).fingerprint(new VideoFormat(64, 64, 9, 8));

    private static final SuperBox INGREDIENT = SuperBox.ofCbor("c2ma", "urn:c2pa:ingredient", new byte[] {1});
    private static final SuperBox ACTIVE = SuperBox.ofCbor("c2ma", "urn:c2pa:1", new byte[] {2, 3});
    private static final byte[] STORE =
            SuperBox.of("c2pa", "c2pa", INGREDIENT.bytes(), ACTIVE.bytes()).bytes();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private ManifestRepository store;
    private SoftBindingResolver resolver;

    @BeforeEach
    void rememberAClip() throws IOException {
        store = TestStores.in(folder);
        resolver = new RepositorySoftBindingResolver(store, ALGORITHM);
        put("clip", MARK, "urn:c2pa:1", STORE, 1);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void put(String record, byte[] mark, String label, byte[] manifestStore, int second) throws IOException {
        store.put(new StoredManifest(record, mark, label, manifestStore, PICTURES, Instant.ofEpochSecond(second)));
    }

    @Test
    void leadsFromAMarkToManifestsTheNewestFirstAndEachOnce() throws IOException {
        put("clip/urn:c2pa:2", MARK, "urn:c2pa:2", STORE, 2);
        put("copy", MARK, "urn:c2pa:1", STORE, 3);
        put("other", new byte[8], "urn:c2pa:3", STORE, 4);
        assertEquals(List.of("urn:c2pa:1", "urn:c2pa:2"), resolver.manifestIds(ALGORITHM, MARK));
        assertEquals(List.of(), resolver.manifestIds(ALGORITHM, new byte[] {8, 7, 6, 5, 4, 3, 2, 1}));
    }

    @Test
    void resolvesTheMarksOfItsWatermarkerAlone() {
        assertEquals(List.of(new Algorithm(ALGORITHM, 8)), resolver.supportedWatermarks());
        String other = assertThrows(IllegalArgumentException.class, () -> resolver.manifestIds("com.example.1", MARK))
                .getMessage();
        assertEquals("the algorithm is not supported: com.example.1, but org.patchreel.test.1", other);
        String length = assertThrows(IllegalArgumentException.class, () -> resolver.manifestIds(ALGORITHM, new byte[3]))
                .getMessage();
        assertEquals("a value of org.patchreel.test.1 has 8 bytes: 3", length);
    }

    @Test
    void handsOutAStoreOrItsActiveManifestAlone() throws IOException {
        assertArrayEquals(STORE, resolver.manifestStore("urn:c2pa:1").orElseThrow());
        assertArrayEquals(ACTIVE.bytes(), resolver.activeManifest("urn:c2pa:1").orElseThrow());
        assertEquals(Optional.empty(), resolver.manifestStore("urn:c2pa:ingredient"));
        assertEquals(Optional.empty(), resolver.activeManifest("urn:c2pa:ingredient"));
    }

    @Test
    void saysThatAStoreIsDamaged() throws IOException {
        put("damaged", MARK, "urn:c2pa:damaged", new byte[3], 5);
        put("empty", MARK, "urn:c2pa:empty", SuperBox.of("c2pa", "c2pa").bytes(), 6);
        assertArrayEquals(
                new byte[3], resolver.manifestStore("urn:c2pa:damaged").orElseThrow());
        String damaged = assertThrows(IOException.class, () -> resolver.activeManifest("urn:c2pa:damaged"))
                .getMessage();
        assertEquals("a stored manifest is damaged: a box that ends in its header", damaged);
        String empty = assertThrows(IOException.class, () -> resolver.activeManifest("urn:c2pa:empty"))
                .getMessage();
        assertEquals("a stored manifest store is empty", empty);
    }
}
