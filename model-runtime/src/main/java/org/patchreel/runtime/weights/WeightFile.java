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
import java.util.Locale;
import java.util.Map;

/** One open file of weights whose header was checked against the file: every tensor lies inside it. For one thread at a time. */
final class WeightFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final List<StoredTensor> tensors;
    private final long bytes;

    private WeightFile(Path path, FileChannel channel, List<StoredTensor> tensors, long bytes) {
        this.path = path;
        this.channel = channel;
        this.tensors = tensors;
        this.bytes = bytes;
    }

    /**
     * Opens a file of the format that its name says.
     *
     * @param path of the file
     * @throws CheckpointException if it is missing or is not what it should be
     */
    static WeightFile open(Path path) throws IOException {
        // a pipe or device would block
        if (!Files.isRegularFile(path)) {
            throw Files.exists(path)
                    ? new CheckpointException(path + " is not a regular file")
                    : CheckpointException.absent(path);
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new WeightFile(path, channel, tensors(path, channel), channel.size());
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static List<StoredTensor> tensors(Path path, FileChannel channel) throws IOException {
        return switch (Format.of(path)) {
            case SAFETENSORS -> SafetensorsHeader.read(path, channel);
            case GGUF -> GgufHeader.read(path, channel);
            case PICKLED -> PickledTensors.read(path, channel);
        };
    }

    /** The formats, in the order in which files are looked for. */
    enum Format {
        SAFETENSORS(".safetensors"),
        GGUF(".gguf"),
        PICKLED(".pth");

        private final String suffix;

        Format(String suffix) {
            this.suffix = suffix;
        }

        String suffix() {
            return suffix;
        }

        /** The format that a file's name says; safetensors if it says none. */
        static Format of(Path path) {
            String name = path.toString().toLowerCase(Locale.ROOT);
            for (Format format : values()) {
                if (name.endsWith(format.suffix)) {
                    return format;
                }
            }
            return SAFETENSORS;
        }
    }

    Path path() {
        return path;
    }

    /** Size of the whole file. */
    long bytes() {
        return bytes;
    }

    /** {@return the texts that the header of a safetensors file has beside its tensors; none of other files} */
    Map<String, String> metadata() throws IOException {
        return Format.of(path) == Format.SAFETENSORS ? SafetensorsHeader.metadata(path, channel) : Map.of();
    }

    /** In the order of their data, as far as the format has one. */
    Collection<StoredTensor> tensors() {
        return tensors;
    }

    /**
     * Maps a part of a tensor's data, little endian. The map outlives this object; it ends when it is collected. Data that do
     * not lie in a row are copied.
     *
     * @param tensor of this file
     * @param offset of the first byte in the tensor's data
     * @param length in bytes
     */
    ByteBuffer map(StoredTensor tensor, long offset, long length) throws IOException {
        if (length > Integer.MAX_VALUE) {
            throw new CheckpointException("tensor " + shown(tensor.name()) + " of " + path + ": " + length
                    + " bytes are more than can be mapped at once, " + Integer.MAX_VALUE);
        }
        if (tensor.view().isPresent()) {
            ByteBuffer whole = tensor.view()
                    .get()
                    .copy(
                            channel.map(
                                    MapMode.READ_ONLY,
                                    tensor.position(),
                                    tensor.view().get().extent()),
                            tensor.shape());
            return whole.slice(Math.toIntExact(offset), Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        }
        return channel.map(MapMode.READ_ONLY, tensor.position() + offset, length)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
