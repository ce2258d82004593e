package org.patchreel.runtime.adapter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.patchreel.api.Adapter;
import org.patchreel.runtime.weights.CheckpointException;

class AdapterFolderTest {
    @TempDir
    private Path directory;

    private Path root;
    private AdapterFolder folder;

    @BeforeEach
    void createFolder() throws IOException {
        root = Files.createDirectory(directory.resolve("adapters"));
        folder = new AdapterFolder(Optional.of(root));
    }

    @Test
    void listsFilesAndFoldersByNameAndNothingElse() throws IOException {
        file("ball.safetensors");
        file("snow-v1.2.safetensors");
        file("notes.txt");
        file("has a space.safetensors");
        file("lightning/high_noise_model.safetensors");
        file("lightning/low_noise_model.safetensors");
        Files.createDirectory(root.resolve("empty"));
        assertEquals(List.of("ball", "lightning", "snow-v1.2"), folder.names());
    }

    @Test
    void listsNothingWhereNoFolderIs() throws IOException {
        Files.delete(root);
        assertEquals(List.of(), folder.names());
        assertEquals(List.of(), AdapterFolder.NONE.names());
        refused("ball", "there is no adapter ball in " + root);
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> AdapterFolder.NONE.find(List.of(new Adapter("ball", 1))));
        assertEquals("there is no adapter ball: no folder of adapters is configured", refusal.getMessage());
    }

    @Test
    void tellsTheExpertByTheNameOfTheFile() throws IOException {
        file("ball.safetensors");
        file("highlands.safetensors");
        file("Wan2.2-Lightning-High_Noise-r64.safetensors");
        file("pair/wan_lownoise.safetensors");
        file("pair/wan_highnoise.safetensors");
        assertEquals(List.of(Expert.BOTH), experts("ball"));
        assertEquals(List.of(Expert.BOTH), experts("highlands"));
        assertEquals(List.of(Expert.HIGH), experts("Wan2.2-Lightning-High_Noise-r64"));
        assertEquals(List.of(Expert.HIGH, Expert.LOW), experts("pair"));
        assertEquals(
                "pair/wan_highnoise.safetensors",
                folder.find(List.of(new Adapter("pair", 1))).get(0).path());
    }

    @Test
    void refusesWhatIsThereTwice() throws IOException {
        file("ball.safetensors");
        file("ball/ball.safetensors");
        refused("ball", "adapter ball is there twice: ");
    }

    @Test
    void refusesAFolderWhoseFilesAreNoPair() throws IOException {
        file("ball/one.safetensors");
        file("ball/two.safetensors");
        refused("ball", "has 2 .safetensors files: expected one, or one with high_noise and one with low_noise");
    }

    @Test
    void refusesALinkOutOfTheFolder() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret.safetensors"), "x");
        Files.createSymbolicLink(root.resolve("ball.safetensors"), secret);
        refused("ball", "adapter ball is a link out of its folder: ");
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("a.safetensors"), "x");
        Files.createSymbolicLink(root.resolve("cube"), other);
        refused("cube", "adapter cube is a link out of its folder: ");
    }

    @Test
    void followsALinkWithinTheFolder() throws IOException {
        file("ball.safetensors");
        Files.createSymbolicLink(root.resolve("newest.safetensors"), Path.of("ball.safetensors"));
        assertEquals(
                root.resolve("ball.safetensors").toRealPath(),
                folder.find(List.of(new Adapter("newest", 1))).get(0).file());
    }

    @Test
    void refusesALinkThatLeadsNowhere() throws IOException {
        Files.createSymbolicLink(root.resolve("ball.safetensors"), Path.of("gone.safetensors"));
        refused("ball", "is a link to gone.safetensors, which does not exist");
    }

    private List<Expert> experts(String name) throws IOException {
        return folder.find(List.of(new Adapter(name, 1))).stream()
                .map(AdapterPart::expert)
                .toList();
    }

    private void refused(String name, String line) {
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> folder.find(List.of(new Adapter(name, 1))));
        assertTrue(refusal.getMessage().contains(line), refusal.getMessage());
        assertEquals(1, refusal.getMessage().lines().count());
    }

    private void file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "x");
    }
}
