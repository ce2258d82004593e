package org.patchreel.impl.media;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;

/**
 * Writes one frame as a PNG file, which loses nothing, and, smaller if it is large, as a JPEG file for previews. The same frame gives the same bytes.
 *
 * <p>Both files are written when the sink is closed after the frame; without a frame there are none.
 */
public final class StillImage implements FrameSink {
    /** Pixels of a preview's longer side: a manifest, which holds it, has room for no more than a megabyte. */
    private static final int MAX_PREVIEW = 768;

    /** Bytes of a PNG file's signature and its first chunk. */
    private static final int PNG_HEADER = 33;

    private final Path file;
    private final Path poster;
    private final Optional<String> xmp;
    private @Nullable BufferedImage image;
    private boolean closed;

    /**
     * Creates the sink.
     *
     * @param file where the picture goes, a PNG file
     * @param poster where its preview goes, a JPEG file
     */
    public StillImage(Path file, Path poster) {
        this(file, poster, Optional.empty());
    }

    /**
     * Creates the sink.
     *
     * @param file where the picture goes, a PNG file
     * @param poster where its preview goes, a JPEG file
     * @param xmp a packet of XMP that the PNG file shall carry
     */
    public StillImage(Path file, Path poster, Optional<String> xmp) {
        this.file = file;
        this.poster = poster;
        this.xmp = xmp;
    }

    /**
     * Takes the frame.
     *
     * @throws IllegalStateException if there was one before
     */
    @Override
    public void accept(VideoFrame frame) {
        if (image != null) {
            throw new IllegalStateException("a still has one frame");
        }
        image = FrameImage.of(frame);
    }

    /**
     * Writes both files if there was a frame.
     *
     * @throws IOException if a file cannot be written; the message names it and the reason
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (image != null) {
            writePng(image);
            JpegFile.write(preview(image), poster);
        }
    }

    private static BufferedImage preview(BufferedImage image) {
        double scale = Math.min(1, (double) MAX_PREVIEW / Math.max(image.getWidth(), image.getHeight()));
        if (scale == 1) {
            return image;
        }
        int width = Math.max(1, (int) Math.round(scale * image.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * image.getHeight()));
        BufferedImage preview = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = preview.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        graphics.drawImage(image, 0, 0, width, height, null);
        graphics.dispose();
        return preview;
    }

    private void writePng(BufferedImage picture) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // in memory, not in a temporary file
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(picture, "png", stream)) {
                throw new MediaException(file, "the Java platform writes no PNG files");
            }
        }
        try {
            byte[] png = bytes.toByteArray();
            Files.write(file, xmp.isPresent() ? withXmp(png, xmp.get()) : png);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            FileSystemException failure =
                    new FileSystemException(file.toString(), null, "cannot write: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    /**
     * Puts a chunk {@code iTXt} behind the header (<a href="https://www.w3.org/TR/png-3/#11iTXt">PNG, 11.3.3.4</a>), of the keyword
     * that <a href="https://developer.adobe.com/xmp/docs/XMPSpecifications/">XMP, part 3</a>, 1.1.5 has.
     */
    private static byte[] withXmp(byte[] png, String xmp) {
        // not compressed, of no language, under no other keyword
        byte[] data = ("iTXt" + "XML:com.adobe.xmp" + "\0\0\0\0\0" + xmp).getBytes(UTF_8);
        CRC32 checksum = new CRC32();
        checksum.update(data);
        return ByteBuffer.allocate(png.length + 2 * Integer.BYTES + data.length)
                .put(png, 0, PNG_HEADER)
                .putInt(data.length - Integer.BYTES)
                .put(data)
                .putInt((int) checksum.getValue())
                .put(png, PNG_HEADER, png.length - PNG_HEADER)
                .array();
    }
}
