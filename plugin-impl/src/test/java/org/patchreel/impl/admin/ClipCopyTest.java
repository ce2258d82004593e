package org.patchreel.impl.admin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipCopyTest {

    @Test
    void replacesTheFileByTheWholeClip(@TempDir Path folder) throws IOException {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Path clip = Files.write(folder.resolve("clip.mp4"), content);
        Path target = Files.writeString(folder.resolve("out.mp4"), "old");
        new ClipCopy(target).write(Files.newByteChannel(clip));
        assertArrayEquals(content, Files.readAllBytes(target));
        assertEquals(List.of(clip, target), files(folder));
    }

    @Test
    void leavesNothingWhenTheClipEndsEarly(@TempDir Path folder) throws IOException {
        Path clip = Files.write(folder.resolve("clip.mp4"), new byte[100_000]);
        ClipCopy copy = new ClipCopy(folder.resolve("out.mp4"));
        try (FileChannel whole = FileChannel.open(clip, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThrows(EOFException.class, () -> copy.write(new ShrinkingChannel(whole)));
        }
        assertEquals(List.of(clip), files(folder));
    }

    @Test
    void aNameMayBeAsLongAsTheFileSystemAllowsAndNoLonger(@TempDir Path folder) throws IOException {
        Path clip = Files.write(folder.resolve("clip.mp4"), new byte[10]);
        Path longest = folder.resolve("n".repeat(255));
        new ClipCopy(longest).write(Files.newByteChannel(clip));
        assertEquals(10, Files.size(longest));
        assertThrows(IllegalArgumentException.class, () -> new ClipCopy(folder.resolve("\u4e2d".repeat(90))));
    }

    @Test
    void refusesAFolderThatIsNotThere(@TempDir Path folder) {
        Path target = folder.resolve("no/such/out.mp4");
        assertEquals(
                "--out: folder " + folder.resolve("no/such") + " does not exist",
                assertThrows(IllegalArgumentException.class, () -> new ClipCopy(target))
                        .getMessage());
    }

    @Test
    void refusesToReplaceAFolder(@TempDir Path folder) throws IOException {
        Path target = Files.createDirectory(folder.resolve("out.mp4"));
        assertThrows(IllegalArgumentException.class, () -> new ClipCopy(target));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** Says that it has more bytes than can be read. */
    private record ShrinkingChannel(FileChannel channel) implements SeekableByteChannel {
        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size() + 1;
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
