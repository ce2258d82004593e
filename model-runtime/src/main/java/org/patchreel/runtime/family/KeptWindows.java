package org.patchreel.runtime.family;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latents of the finished windows of one clip, in a folder: a file each, whose first line names the task, the window and
 * the SHA-256 of what follows, float32 in little endian. A file appears when it is whole and on the disk. What cannot be kept
 * or read is logged and made again. For one thread at a time.
 */
public final class KeptWindows {
    private static final Logger LOG = LoggerFactory.getLogger(KeptWindows.class);
    private static final String PREFIX = "window-";
    private static final String SUFFIX = ".latents";
    private static final String DRAFT_SUFFIX = ".draft";
    private static final int MAX_HEADER_BYTES = 512;

    private final @Nullable Path folder;
    private final String task;
    private boolean failed;

    private KeptWindows(@Nullable Path folder, String task) {
        this.folder = folder;
        this.task = task;
    }

    /** {@return an instance that keeps nothing} */
    public static KeptWindows none() {
        return new KeptWindows(null, "");
    }

    /**
     * Opens a folder, which is created if need be, and deletes what is there of other tasks and of interrupted writes.
     *
     * @param folder of the clip
     * @param task digest of all that the latents depend on, in hexadecimal
     * @return one that keeps nothing if the folder cannot be used, which is logged
     */
    public static KeptWindows in(Path folder, String task) {
        KeptWindows kept = new KeptWindows(folder, task);
        try {
            Files.createDirectories(folder);
            kept.deleteForeign(folder);
            return kept;
        } catch (IOException e) {
            LOG.warn("The clip starts anew if it is interrupted: {} cannot be used", folder, e);
            return none();
        }
    }

    private void deleteForeign(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(DRAFT_SUFFIX)) {
                    Files.delete(file);
                } else if (name.endsWith(SUFFIX) && !isOfTask(file)) {
                    LOG.info("{} is of another task or another model: deleted", file);
                    Files.delete(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private boolean isOfTask(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return header(channel).startsWith(begin());
        }
    }

    /** {@return how many windows are there without a gap, from the first on, of at most so many} */
    public int leading(int windows) {
        int count = 0;
        while (folder != null && count < windows && Files.exists(file(folder, count))) {
            count++;
        }
        return count;
    }

    /**
     * Reads a window's latents.
     *
     * @param window from 0
     * @param shape that they have
     * @param scope will own the result
     * @return float32; empty if they are not there, or damaged, which is logged: the file is deleted then
     */
    public Optional<NDArray> load(int window, Shape shape, NDManager scope) {
        if (folder == null || !Files.exists(file(folder, window))) {
            return Optional.empty();
        }
        Path file = file(folder, window);
        try {
            Optional<ByteBuffer> data = read(file, window, shape);
            if (data.isPresent()) {
                return Optional.of(scope.create(data.get().asFloatBuffer(), shape, DataType.FLOAT32));
            }
            LOG.warn("{} is damaged: the window is made again", file);
        } catch (IOException e) {
            LOG.warn("{} cannot be read: the window is made again", file, e);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted", file, e);
        }
        return Optional.empty();
    }

    private Optional<ByteBuffer> read(Path file, int window, Shape shape) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            String header = header(channel);
            long length = shape.size() * Float.BYTES;
            if (channel.size() != header.length() + length) {
                return Optional.empty();
            }
            ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
            channel.position(header.length());
            while (data.hasRemaining()) {
                if (channel.read(data) < 0) {
                    return Optional.empty();
                }
            }
            data.flip();
            return header.equals(header(window, shape, data)) ? Optional.of(data) : Optional.empty();
        }
    }

    /** {@return the first line with its end; what there is of one if it has none} */
    private static String header(FileChannel channel) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(MAX_HEADER_BYTES);
        while (start.hasRemaining() && channel.read(start) >= 0) {}
        String text = new String(start.array(), 0, start.position(), US_ASCII);
        return text.substring(0, text.indexOf('\n') + 1);
    }

    /**
     * Keeps a window's latents. The first failure is logged: the clip does not need them.
     *
     * @param window from 0
     * @param latents float32
     */
    public void keep(int window, NDArray latents) {
        if (folder == null) {
            return;
        }
        Path file = file(folder, window);
        Path draft = folder.resolve(PREFIX + window + DRAFT_SUFFIX);
        try {
            ByteBuffer data = latents.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
            try (FileChannel channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                write(
                        channel,
                        ByteBuffer.wrap(header(window, latents.getShape(), data).getBytes(US_ASCII)));
                write(channel, data);
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            if (!failed) {
                LOG.warn(
                        "Windows are made again if the clip is interrupted: {} cannot be written: {}",
                        file,
                        e.toString());
            }
            failed = true;
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static Path file(Path folder, int window) {
        return folder.resolve(PREFIX + window + SUFFIX);
    }

    private String begin() {
        return "patchreel latents 1, task " + task + ", ";
    }

    private String header(int window, Shape shape, ByteBuffer data) {
        String sides = Arrays.stream(shape.getShape()).mapToObj(Long::toString).collect(Collectors.joining("x"));
        MessageDigest digest = sha256();
        digest.update(data.duplicate());
        return begin() + "window " + window + ", " + sides + ", sha256 "
                + HexFormat.of().formatHex(digest.digest()) + "\n";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
