package org.patchreel.aem;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A small picture of a clip, by the names and sizes that AEM's lists and cards look for.
 *
 * @param rendition the rendition's name
 * @param mediaType of the rendition
 * @param format ImageIO's name of the format
 * @param width pixels, at most
 * @param height pixels, at most
 */
record Thumbnail(String rendition, String mediaType, String format, int width, int height) {

    /** What an asset is expected to have. */
    static final List<Thumbnail> ALL = List.of(png(48, 48), png(140, 100), png(319, 319), web(1280, 1280));

    private static Thumbnail png(int width, int height) {
        return new Thumbnail("cq5dam.thumbnail." + width + "." + height + ".png", "image/png", "png", width, height);
    }

    private static Thumbnail web(int width, int height) {
        return new Thumbnail("cq5dam.web." + width + "." + height + ".jpeg", "image/jpeg", "jpeg", width, height);
    }

    /**
     * Reads a picture.
     *
     * @param stream of JPEG, not closed
     * @return the picture
     * @throws IOException if it cannot be read
     */
    static BufferedImage read(InputStream stream) throws IOException {
        ImageReader reader = ofThisPlatform(ImageIO.getImageReadersByFormatName("jpeg"));
        try (MemoryCacheImageInputStream input = new MemoryCacheImageInputStream(stream)) {
            reader.setInput(input);
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    /**
     * Makes the thumbnail.
     *
     * @param picture to be scaled, its proportions are kept; it is never enlarged
     * @return the file
     * @throws IOException if it cannot be encoded
     */
    byte[] of(BufferedImage picture) throws IOException {
        double scale =
                Math.min(1, Math.min((double) width / picture.getWidth(), (double) height / picture.getHeight()));
        BufferedImage scaled =
                scale(picture, Math.max(1, (int) Math.round(picture.getWidth() * scale)), Math.max(1, (int)
                        Math.round(picture.getHeight() * scale)));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageWriter writer = ofThisPlatform(ImageIO.getImageWritersByFormatName(format));
        try (MemoryCacheImageOutputStream output = new MemoryCacheImageOutputStream(file)) {
            writer.setOutput(output);
            writer.write(scaled);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    /** AEM registers readers of its own, which take precedence and of which one fails on today's Java. */
    private static <C> C ofThisPlatform(Iterator<C> codecs) throws IOException {
        while (codecs.hasNext()) {
            C codec = codecs.next();
            if (codec.getClass().getModule().equals(ImageIO.class.getModule())) {
                return codec;
            }
        }
        throw new IOException("this Java platform cannot read or write JPEG and PNG");
    }

    /** Halves first, because a bilinear step looks at four pixels only. */
    private static BufferedImage scale(BufferedImage picture, int toWidth, int toHeight) {
        BufferedImage current = picture;
        while (current.getWidth() >= 2 * toWidth && current.getHeight() >= 2 * toHeight && current.getWidth() > 1) {
            current = draw(current, (current.getWidth() + 1) / 2, (current.getHeight() + 1) / 2);
        }
        return draw(current, toWidth, toHeight);
    }

    private static BufferedImage draw(BufferedImage picture, int toWidth, int toHeight) {
        BufferedImage drawn = new BufferedImage(toWidth, toHeight, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = drawn.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, toWidth, toHeight, null);
        graphics.dispose();
        return drawn;
    }
}
