package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the entries of a zip archive lie that is not compressed: {@code java.util.zip} does not tell. With the extensions for
 * more than 4 GiB.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">the format</a>
 */
final class StoredZip {
    private static final int END_BYTES = 22;
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int ZIP64_LOCATOR_BYTES = 20;
    private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int ZIP64_END_BYTES = 56;
    private static final int ZIP64_END_SIGNATURE = 0x06064b50;
    private static final int ENTRY_BYTES = 46;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int LOCAL_BYTES = 30;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int ZIP64_EXTRA = 1;
    private static final long MAX_DIRECTORY_BYTES = 64 << 20;
    private static final long IN_EXTRA_32 = 0xffff_ffffL;
    private static final int IN_EXTRA_16 = 0xffff;

    private final Path path;
    private final FileChannel channel;
    private final long size;

    /**
     * An entry's data.
     *
     * @param position of the first byte in the file
     * @param length in bytes
     */
    record Section(long position, long length) {}

    private StoredZip(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /** The entries of an open file by their names, in the order of the directory. */
    static Map<String, Section> read(Path path, FileChannel channel) throws IOException {
        return new StoredZip(path, channel, channel.size()).entries();
    }

    private Map<String, Section> entries() throws IOException {
        long endAt = end();
        ByteBuffer end = bytes(endAt, END_BYTES);
        long count = Short.toUnsignedInt(end.getShort(10));
        long directorySize = Integer.toUnsignedLong(end.getInt(12));
        long directoryAt = Integer.toUnsignedLong(end.getInt(16));
        if (count == IN_EXTRA_16 || directorySize == IN_EXTRA_32 || directoryAt == IN_EXTRA_32) {
            ByteBuffer locator = signed(endAt - ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_SIGNATURE);
            ByteBuffer wide = signed(locator.getLong(8), ZIP64_END_BYTES, ZIP64_END_SIGNATURE);
            count = wide.getLong(32);
            directorySize = wide.getLong(40);
            directoryAt = wide.getLong(48);
        }
        if (directorySize < 0 || directorySize > MAX_DIRECTORY_BYTES) {
            throw broken("its directory would have " + Long.toUnsignedString(directorySize) + " bytes, the limit is "
                    + MAX_DIRECTORY_BYTES);
        }
        ByteBuffer directory = bytes(directoryAt, (int) directorySize);
        Map<String, Section> entries = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            entry(directory, entries);
        }
        return entries;
    }

    /** Archives of tensors end without a comment. */
    private long end() throws IOException {
        if (size < END_BYTES || bytes(size - END_BYTES, END_BYTES).getInt(0) != END_SIGNATURE) {
            throw broken("it does not end as a zip archive does; files that torch.save wrote before PyTorch 1.6 and tar"
                    + " archives are not read");
        }
        return size - END_BYTES;
    }

    private void entry(ByteBuffer directory, Map<String, Section> entries) throws IOException {
        if (directory.remaining() < ENTRY_BYTES || directory.getInt(directory.position()) != ENTRY_SIGNATURE) {
            throw broken("its directory is damaged");
        }
        int at = directory.position();
        int method = Short.toUnsignedInt(directory.getShort(at + 10));
        long packed = Integer.toUnsignedLong(directory.getInt(at + 20));
        long length = Integer.toUnsignedLong(directory.getInt(at + 24));
        int nameLength = Short.toUnsignedInt(directory.getShort(at + 28));
        int extraLength = Short.toUnsignedInt(directory.getShort(at + 30));
        int commentLength = Short.toUnsignedInt(directory.getShort(at + 32));
        long localAt = Integer.toUnsignedLong(directory.getInt(at + 42));
        int end = at + ENTRY_BYTES + nameLength + extraLength + commentLength;
        if (end > directory.limit()) {
            throw broken("its directory is damaged");
        }
        byte[] text = new byte[nameLength];
        directory.get(at + ENTRY_BYTES, text);
        String name = new String(text, StandardCharsets.UTF_8);
        if (length == IN_EXTRA_32 || packed == IN_EXTRA_32 || localAt == IN_EXTRA_32) {
            ByteBuffer wide = zip64(directory, at + ENTRY_BYTES + nameLength, extraLength, name);
            length = length == IN_EXTRA_32 ? next(wide, name) : length;
            packed = packed == IN_EXTRA_32 ? next(wide, name) : packed;
            localAt = localAt == IN_EXTRA_32 ? next(wide, name) : localAt;
        }
        if (method != 0 || packed != length) {
            throw broken("its entry " + shown(name) + " is compressed");
        }
        if (entries.put(name, section(localAt, length, name)) != null) {
            throw broken("it has two entries " + shown(name));
        }
        directory.position(end);
    }

    private ByteBuffer zip64(ByteBuffer directory, int start, int length, String name) throws CheckpointException {
        int at = start;
        while (at + 4 <= start + length) {
            int fieldLength = Short.toUnsignedInt(directory.getShort(at + 2));
            if (Short.toUnsignedInt(directory.getShort(at)) == ZIP64_EXTRA && at + 4 + fieldLength <= start + length) {
                return directory.slice(at + 4, fieldLength).order(ByteOrder.LITTLE_ENDIAN);
            }
            at += 4 + fieldLength;
        }
        throw broken("its entry " + shown(name) + " does not say how long it is");
    }

    private long next(ByteBuffer wide, String name) throws CheckpointException {
        if (wide.remaining() < Long.BYTES) {
            throw broken("its entry " + shown(name) + " does not say how long it is");
        }
        return wide.getLong();
    }

    private Section section(long localAt, long length, String name) throws IOException {
        ByteBuffer local = signed(localAt, LOCAL_BYTES, LOCAL_SIGNATURE);
        long start = localAt
                + LOCAL_BYTES
                + Short.toUnsignedInt(local.getShort(26))
                + Short.toUnsignedInt(local.getShort(28));
        if (length < 0 || start > size || length > size - start) {
            throw broken("its entry " + shown(name) + " goes on behind its " + size + " bytes");
        }
        return new Section(start, length);
    }

    private ByteBuffer signed(long at, int length, int signature) throws IOException {
        ByteBuffer bytes = bytes(at, length);
        if (bytes.getInt(0) != signature) {
            throw broken("its directory is damaged");
        }
        return bytes;
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
        if (at < 0 || at > size || length > size - at) {
            throw broken("it is truncated or damaged");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) > 0) {
            // until full or at the end of the file
        }
        if (bytes.hasRemaining()) {
            throw broken("it was shortened while it was read");
        }
        return bytes.flip();
    }

    private CheckpointException broken(String problem) {
        return new CheckpointException(path + " is no archive of tensors: " + problem);
    }
}
