package org.patchreel.impl.c2pa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequentialOutputTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private Path file() {
        return folder.resolve("file");
    }

    private FileChannel create() throws IOException {
        return FileChannel.open(file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** The lengths are around those of the buffer, which has 1 MiB. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "1000, 1048576", "1048575, 1", "1048576, 3", "1, 3145727", "1048577, 2097152"})
    void writesTheSameWithAndWithoutPageCache(int head, int length) throws IOException, GeneralSecurityException {
        byte[] start = random(head);
        byte[] rest = random(length);
        Path other = Files.write(folder.resolve("other"), rest);
        byte[] expected = Arrays.copyOf(start, head + 100 + length);
        System.arraycopy(rest, 0, expected, head + 100, length);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(rest);
        for (boolean cached : new boolean[] {true, false}) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (FileChannel source = FileChannel.open(other);
                    FileChannel target = create();
                    SequentialOutput output =
                            cached ? SequentialOutput.cached(target) : SequentialOutput.uncached(target, file())) {
                output.write(start);
                output.skip(100);
                output.transfer(source, 0, length, Optional.of(digest));
                assertEquals(expected.length, output.position());
                output.finish();
                assertEquals(expected.length, output.position());
                // what was left out is filled in afterwards
                target.write(ByteBuffer.wrap(random(100)), head);
            }
            System.arraycopy(random(100), 0, expected, head, 100);
            assertArrayEquals(expected, Files.readAllBytes(file()));
            assertArrayEquals(hash, digest.digest());
            Files.delete(file());
        }
    }

    @Test
    void tellsWhereTheOtherFileEnds() throws IOException {
        Path other = Files.write(folder.resolve("other"), random(10));
        try (FileChannel source = FileChannel.open(other);
                FileChannel target = create();
                SequentialOutput output = SequentialOutput.cached(target)) {
            EOFException failure =
                    assertThrows(EOFException.class, () -> output.transfer(source, 0, 11, Optional.empty()));
            assertEquals("was cut off at byte 10", failure.getMessage());
        }
    }

    @Test
    void usesThePageCacheIfTheFileCannotBeOpenedOtherwise() throws IOException {
        Path unknown = folder.resolve("unknown");
        try (FileChannel target = create();
                SequentialOutput output = SequentialOutput.uncached(target, unknown)) {
            output.write(random(2_000_000));
            output.finish();
        }
        assertArrayEquals(random(2_000_000), Files.readAllBytes(file()));
    }
}
