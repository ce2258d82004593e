package org.patchreel.impl.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.DigitalSourceType;
import org.patchreel.api.ProvenanceReport;
import org.patchreel.api.ProvenanceReport.ManifestState;
import org.patchreel.api.ProvenanceReport.Verdict;
import org.patchreel.api.VideoFormat;
import org.patchreel.impl.c2pa.AiDisclosure;
import org.patchreel.impl.c2pa.EmbeddedManifest;
import org.patchreel.impl.c2pa.ManifestDescription;
import org.patchreel.impl.c2pa.ManifestEmbedder;
import org.patchreel.impl.fingerprint.FingerprintingSink;
import org.patchreel.impl.fingerprint.Scene;
import org.patchreel.spi.FrameSink;
import org.patchreel.spi.VideoFrame;
import org.patchreel.spi.Watermarker;

/** A picture alone, marked, signed and remembered as a clip of one frame is: copies of it are recognised. */
class PictureRecoveryTest {
    private static final VideoFormat FORMAT = new VideoFormat(768, 768, 1, 24);
    private static final int PNG = 0;
    private static final int JPEG = 1;
    private static final int FOREIGN_SEED = 2;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    static Path folder;

    private static Studio studio;
    private static List<Path> originals;

    @BeforeAll
    static void makePictures() throws Exception {
        studio = new Studio(folder);
        originals = List.of(make(PNG, "png"), make(JPEG, "jpg"));
    }

    @AfterAll
    static void close() {
        studio.close();
    }

    /** Keeps the last frame. */
    private static final class Kept implements FrameSink {
        private Optional<BufferedImage> image = Optional.empty();

        @Override
        public void accept(VideoFrame frame) {
            BufferedImage copy = new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
            ByteBuffer rgb = frame.rgb();
            for (int i = 0; i < frame.width() * frame.height(); i++) {
                int at = rgb.position() + 3 * i;
                copy.setRGB(
                        i % frame.width(),
                        i / frame.width(),
                        (rgb.get(at) & 0xff) << 16 | (rgb.get(at + 1) & 0xff) << 8 | (rgb.get(at + 2) & 0xff));
            }
            image = Optional.of(copy);
        }

        @Override
        public void close() {}
    }

    private static Path make(long seed, String format) throws IOException, GeneralSecurityException {
        Kept kept = new Kept();
        FingerprintingSink fingerprinting = new FingerprintingSink(FORMAT, kept);
        Watermarker.MarkingSink marking = studio.watermarker.mark(FORMAT, fingerprinting);
        try (marking) {
            marking.accept(frame(seed));
        }
        Path file = folder.resolve("picture-" + seed + "." + format);
        write(kept.image.orElseThrow(), file, 0.9f);
        ManifestDescription description = new ManifestDescription(
                "picture",
                Instant.now(),
                "Patchreel",
                "1",
                new AiDisclosure("starter"),
                Optional.of(new ManifestDescription.SoftBinding(
                        studio.watermarker.algorithm(), HexFormat.of().formatHex(marking.id()))),
                Duration.ZERO,
                Optional.empty(),
                List.of(),
                new ManifestDescription.Created(DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA));
        EmbeddedManifest manifest = new ManifestEmbedder(studio.validator).embed(file, description, studio.credential);
        studio.store.put(new StoredManifest(
                "picture-" + seed,
                marking.id(),
                manifest.label(),
                manifest.store(),
                fingerprinting.fingerprint(),
                Instant.now()));
        return file;
    }

    /** A scene with grain, as {@link Studio#frames} draws it. */
    private static VideoFrame frame(long seed) {
        Scene scene = new Scene(seed);
        Random random = new Random(seed);
        int width = FORMAT.width();
        int height = FORMAT.height();
        ByteBuffer rgb = ByteBuffer.allocateDirect(3 * width * height);
        for (int at = 0; at < width * height; at++) {
            int row = at / width;
            double luma = scene.luma((at % width + 0.5) / width, (row + 0.5) / height, 0) + random.nextInt(-8, 8);
            for (int offset : new int[] {10, 0, -10}) {
                rgb.put((byte) Math.max(0, Math.min(255, (int) luma + offset)));
            }
        }
        return new VideoFrame(width, height, rgb.flip());
    }

    private static Path write(BufferedImage image, Path file, float quality) throws IOException {
        String name = file.getFileName().toString();
        ImageWriter writer = ImageIO.getImageWritersByFormatName(name.substring(name.lastIndexOf('.') + 1))
                .next();
        Files.deleteIfExists(file);
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            if (name.endsWith("jpg")) {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionQuality(quality);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return file;
    }

    private static ProvenanceReport verify(Path file, Verdict expected) throws IOException {
        ProvenanceReport report = studio.verifier().verify(file);
        assertEquals(expected, report.verdict(), report.toString());
        return report;
    }

    @ParameterizedTest
    @ValueSource(ints = {PNG, JPEG})
    void thePictureItselfIsSigned(int picture) throws Exception {
        ProvenanceReport report = verify(originals.get(picture), Verdict.SIGNED);
        assertEquals(ManifestState.VALID, report.manifest().state());
        assertEquals("picture-" + picture, report.recovered().get(0).assetId());
        assertTrue(report.recovered().get(0).markFound());
    }

    @ParameterizedTest
    @CsvSource({"PNG,copy.png,1", "PNG,copy.jpg,0.9", "PNG,copy.jpg,0.6", "JPEG,copy.png,1", "JPEG,copy.jpg,0.9"})
    void aStrippedCopyIsRecovered(String format, String name, float quality) throws Exception {
        int picture = format.equals("PNG") ? PNG : JPEG;
        BufferedImage image = ImageIO.read(originals.get(picture).toFile());
        Path copy = write(image, folder.resolve(name), quality);
        ProvenanceReport report = verify(copy, Verdict.RECOVERED);
        assertEquals(ManifestState.NONE, report.manifest().state());
        assertEquals("picture-" + picture, report.recovered().get(0).assetId());
        assertTrue(report.recovered().get(0).markFound());
        assertEquals(1, studio.watermarker.detect(copy).size());
    }

    @Test
    void aPictureThatWasPaintedOverIsInvalidAndStillRecovered() throws Exception {
        byte[] bytes = Files.readAllBytes(originals.get(JPEG));
        bytes[bytes.length - 1000] ^= 1;
        Path changed = Files.write(folder.resolve("changed.jpg"), bytes);
        ProvenanceReport report = verify(changed, Verdict.INVALID);
        assertTrue(report.sentence().contains("assertion.dataHash.mismatch"), report.sentence());
        assertEquals("picture-" + JPEG, report.recovered().get(0).assetId());
    }

    @Test
    void nothingIsKnownOfAPictureThatWasNotMadeHere() throws Exception {
        Kept kept = new Kept();
        kept.accept(frame(FOREIGN_SEED));
        Path foreign = write(kept.image.orElseThrow(), folder.resolve("foreign.png"), 1);
        assertEquals(List.of(), verify(foreign, Verdict.UNKNOWN).recovered());
    }
}
