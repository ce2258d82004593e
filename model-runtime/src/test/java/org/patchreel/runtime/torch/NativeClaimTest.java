package org.patchreel.runtime.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeClaimTest {
    private final Properties process = new Properties();

    @TempDir
    Path directory;

    private NativeClaim claim() {
        return new NativeClaim(process, "claimed", directory.resolve("maps"));
    }

    @Test
    void holdsForTheClassesThatMadeIt() {
        NativeClaim claim = claim();
        assertEquals(Optional.empty(), claim.refusal());
        assertEquals(Optional.empty(), claim.make("bundle 1"));
        assertEquals(Optional.empty(), claim.make("bundle 1"));
        assertEquals(Optional.empty(), claim.refusal());
    }

    @Test
    void isRefusedToTheClassesOfAnUpdatedBundle() {
        claim().make("bundle 1");
        NativeClaim updated = claim();
        assertTrue(updated.refusal().orElseThrow().endsWith("cannot be loaded twice: restart the process"));
        assertEquals(updated.refusal(), updated.make("bundle 2"));
        assertEquals("bundle 1", process.getProperty("claimed"));
    }

    @Test
    void isNotMadeByAskingForIt() {
        assertEquals(Optional.empty(), claim().refusal());
        assertEquals(Optional.empty(), claim().make("bundle 2"));
    }

    @Test
    void isRefusedWhereAnotherBundleHasLoadedItsOwnLibtorch() throws IOException {
        NativeClaim claim = claim();
        Files.writeString(
                directory.resolve("maps"),
                "7f00-7f01 r-xp 00000000 08:01 12 /usr/lib/libc.so.6\n7f02-7f03 r-xp 00000000 08:01 13"
                        + "                     /opt/other/libc10.so\n");
        assertTrue(
                claim.refusal().orElseThrow().contains("(/opt/other/libc10.so)"),
                claim.refusal().toString());
        assertEquals(claim.refusal(), claim.make("bundle 1"));
        assertNull(process.getProperty("claimed"));
    }

    @Test
    void findsNothingWrongWithTheLibtorchThatItWasMadeFor() throws IOException {
        NativeClaim claim = claim();
        claim.make("bundle 1");
        Files.writeString(directory.resolve("maps"), "7f02-7f03 r-xp 00000000 08:01 13 /home/natives/libc10.so\n");
        assertEquals(Optional.empty(), claim.refusal());
    }
}
