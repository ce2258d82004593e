package org.patchreel.impl.watermark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFolderTest {
    @TempDir
    Path temporary;

    @Test
    void makesASecretThatOnlyItsOwnerCanRead() throws IOException {
        Path folder = temporary.resolve("secrets");
        List<byte[]> secrets = SecretFolder.open(folder, true);
        assertEquals(1, secrets.size());
        assertEquals(WatermarkKey.SECRET_BYTES, secrets.get(0).length);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), "no draft is left");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(all.get(0))));
        }
        assertArrayEquals(secrets.get(0), SecretFolder.open(folder, true).get(0));
    }

    @Test
    void makesNoneWhereOnlyThoseOfAnotherInstallationAreOfUse() throws IOException {
        Path folder = temporary.resolve("secrets");
        IOException e = assertThrows(IOException.class, () -> SecretFolder.open(folder, false));
        assertTrue(e.toString().contains(folder + " has no watermark-*.secret: copy those"), e.toString());
        assertTrue(Files.notExists(folder));
        Files.writeString(temporary.resolve("watermark-0001.secret"), "11".repeat(32));
        assertEquals(1, SecretFolder.open(temporary, false).size());
    }

    @Test
    void endsWithOneSecretWhenManyStartAtOnce() throws Exception {
        int starts = 8;
        CyclicBarrier barrier = new CyclicBarrier(starts);
        ExecutorService threads = Executors.newFixedThreadPool(starts);
        try {
            List<Future<List<byte[]>>> results = new ArrayList<>();
            for (int i = 0; i < starts; i++) {
                results.add(threads.submit(() -> {
                    barrier.await();
                    return SecretFolder.open(temporary.resolve("shared"), true);
                }));
            }
            byte[] first = results.get(0).get().get(0);
            for (Future<List<byte[]>> result : results) {
                assertEquals(1, result.get().size());
                assertArrayEquals(first, result.get().get(0));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void readsEpochsInTheOrderOfTheirNames() throws IOException {
        Files.writeString(temporary.resolve("watermark-0002.secret"), "22".repeat(32));
        Files.writeString(temporary.resolve("watermark-0001.secret"), "11".repeat(40) + "\n");
        Files.writeString(temporary.resolve("notes.txt"), "ours");
        List<byte[]> secrets = SecretFolder.open(temporary, true);
        assertEquals(2, secrets.size());
        assertEquals(0x11, secrets.get(0)[0]);
        assertEquals(0x22, secrets.get(1)[0]);
    }

    @Test
    void refusesASecretThatSomebodyElseMayHavePlanted() throws IOException {
        Path file = Files.writeString(temporary.resolve("watermark-0001.secret"), "11".repeat(32));
        for (String mode : List.of("rw-rw-rw-", "rw-----w-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            IOException e = assertThrows(IOException.class, () -> SecretFolder.open(temporary, true));
            assertTrue(e.toString().contains("watermark-0001.secret: may be written by everybody"), e.toString());
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertEquals(1, SecretFolder.open(temporary, true).size());
    }

    @Test
    void refusesASecretOfAnotherUser() throws IOException {
        Path file = Files.writeString(temporary.resolve("watermark-0001.secret"), "11".repeat(32));
        assumeTrue((Integer) Files.getAttribute(file, "unix:uid") == 0, "only root may give a file away");
        Files.setAttribute(file, "unix:uid", 65534);
        IOException e = assertThrows(IOException.class, () -> SecretFolder.open(temporary, true));
        assertTrue(e.toString().contains("belongs to the user with the number 65534"), e.toString());
    }

    @Test
    void refusesAFileThatIsNoSecret() throws IOException {
        Path file = temporary.resolve("watermark-0001.secret");
        for (String text : List.of("", "11".repeat(31), "zz".repeat(32), "11".repeat(4000), "\u00e4".repeat(64))) {
            Files.writeString(file, text);
            IOException e = assertThrows(IOException.class, () -> SecretFolder.open(temporary, true));
            assertTrue(e.toString().contains("watermark-0001.secret"), e.toString());
        }
    }

    @Test
    void readsTheSecretKeysOfAKeystore() throws Exception {
        Path file = temporary.resolve("keys.p12");
        char[] password = "correct horse".toCharArray();
        KeyStore keystore = KeyStore.getInstance("PKCS12");
        keystore.load(null, password);
        KeyStore.ProtectionParameter protection = new KeyStore.PasswordProtection(password);
        for (int epoch : new int[] {2, 1}) {
            byte[] secret = new byte[32];
            secret[0] = (byte) epoch;
            keystore.setEntry(
                    "watermark-" + epoch, new KeyStore.SecretKeyEntry(new SecretKeySpec(secret, "AES")), protection);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            keystore.store(out, password);
        }
        List<byte[]> secrets = SecretKeystore.open(file, password);
        assertEquals(2, secrets.size());
        assertEquals(1, secrets.get(0)[0]);
        assertEquals(2, secrets.get(1)[0]);
        IOException e = assertThrows(IOException.class, () -> SecretKeystore.open(file, "wrong".toCharArray()));
        assertTrue(e.toString().contains("keys.p12"), e.toString());
    }
}
