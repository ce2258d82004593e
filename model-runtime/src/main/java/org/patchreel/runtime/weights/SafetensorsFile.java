package org.patchreel.runtime.weights;

import static org.patchreel.runtime.weights.CheckpointException.shown;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;

/**
 * One open safetensors file whose header was checked against the file: every tensor lies inside it, none overlaps
 * another, no byte is left over.
 */
final class SafetensorsFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final List<StoredTensor> tensors;
    private final long bytes;

    private SafetensorsFile(Path path, FileChannel channel, List<StoredTensor> tensors, long bytes) {
        this.path = path;
        this.channel = channel;
        this.tensors = tensors;
        this.bytes = bytes;
    }

    static SafetensorsFile open(Path path) throws IOException {
        // a pipe or device would block
        if (!Files.isRegularFile(path)) {
            throw Files.exists(path)
                    ? new CheckpointException(path + " is not a regular file")
                    : CheckpointException.absent(path);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new SafetensorsFile(path, channel, SafetensorsHeader.read(path, channel), channel.size());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** Size of the whole file. */
    long bytes() {
        return bytes;
    }

    /** In the order of their data. */
    Collection<StoredTensor> tensors() {
        return tensors;
    }

    /** Maps a part of a tensor's data, little endian. The map outlives this object; it ends when it is collected. */
    ByteBuffer map(StoredTensor tensor, long offset, long length) throws IOException {
        if (length > Integer.MAX_VALUE) {
            throw new CheckpointException("tensor " + shown(tensor.name()) + " of " + path + ": " + length
                    + " bytes are more than can be mapped at once, " + Integer.MAX_VALUE);
        }
        return channel.map(MapMode.READ_ONLY, tensor.position() + offset, length)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
