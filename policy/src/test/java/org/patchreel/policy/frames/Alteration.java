package org.patchreel.policy.frames;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** What may happen to a protected picture before it is seen in a frame. */
enum Alteration {
    NONE {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            return picture;
        }
    },
    HALF_SIZE {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            return scaled(picture, picture.getWidth() / 2, picture.getHeight() / 2);
        }
    },
    SQUARE {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            return scaled(picture, 300, 300);
        }
    },
    JPEG_QUALITY_30 {
        @Override
        BufferedImage of(BufferedImage picture, Random random) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
            try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
                ImageWriteParam parameters = writer.getDefaultWriteParam();
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionQuality(0.3f);
                writer.setOutput(stream);
                writer.write(null, new IIOImage(picture, null, null), parameters);
            } finally {
                writer.dispose();
            }
            return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes.toByteArray())), "JPEG");
        }
    },
    CROP_10_PERCENT {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            int width = picture.getWidth() * 9 / 10;
            int height = picture.getHeight() * 9 / 10;
            return copy(picture.getSubimage(
                    random.nextInt(picture.getWidth() - width + 1),
                    random.nextInt(picture.getHeight() - height + 1),
                    width,
                    height));
        }
    },
    BRIGHTER {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            return new RescaleOp(1.2f, 15, null).filter(picture, null);
        }
    },
    DARKER {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            return new RescaleOp(0.6f, 0, null).filter(picture, null);
        }
    },
    MIRRORED {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            BufferedImage image =
                    new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.drawImage(picture, picture.getWidth(), 0, -picture.getWidth(), picture.getHeight(), null);
            graphics.dispose();
            return image;
        }
    },
    WITH_A_FRAME_OF_10_PERCENT {
        @Override
        BufferedImage of(BufferedImage picture, Random random) {
            int width = picture.getWidth();
            int height = picture.getHeight();
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.drawImage(scaled(picture, width * 9 / 10, height * 9 / 10), width / 20, height / 20, null);
            graphics.dispose();
            return image;
        }
    };

    abstract BufferedImage of(BufferedImage picture, Random random) throws IOException;

    private static BufferedImage copy(BufferedImage picture) {
        return scaled(picture, picture.getWidth(), picture.getHeight());
    }

    private static BufferedImage scaled(BufferedImage picture, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, null);
        graphics.dispose();
        return image;
    }
}
