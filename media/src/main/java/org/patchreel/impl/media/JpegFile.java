package org.patchreel.impl.media;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes an image as a JPEG file: quality 0.9, no metadata, so that the same image gives the same bytes. */
public final class JpegFile {
    private static final float QUALITY = 0.9f;

    private JpegFile() {}

    /**
     * Writes an image.
     *
     * @param image without transparency
     * @param file is created, or replaced
     * @throws IOException if it cannot be written; the message names the file and the reason
     */
    public static void write(BufferedImage image, Path file) throws IOException {
        byte[] bytes = bytes(image);
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            FileSystemException failure = new FileSystemException(file.toString(), null, "cannot write: " + reason(e));
            failure.initCause(e);
            throw failure;
        }
    }

    /** {@return the content of such a file} */
    static byte[] bytes(BufferedImage image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        // in memory, not in a temporary file
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(QUALITY);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory can be written", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such folder";
        }
        return e instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : String.valueOf(e.getMessage());
    }
}
