package org.patchreel.impl.fingerprint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.patchreel.impl.fingerprint.SignatureElements.Element;
import org.patchreel.impl.fingerprint.SignatureElements.Rectangle;

class FrameSignatureTest {

    private static final Scene SCENE = new Scene(1);

    /** What FFmpeg's signature filter found in a picture. */
    record Golden(String picture, int confidence, String elements) {}

    /**
     * Made with {@code ffmpeg -f lavfi -i SOURCE=size=128x64:rate=1 -vf
     * "select=eq(n\,2),format=gray,signature=format=xml:filename=SOURCE.xml" -frames:v 1 SOURCE.png}.
     */
    static List<Golden> golden() throws IOException {
        try (InputStream in = resource("signatures.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .map(cells -> new Golden(cells[0], Integer.parseInt(cells[1]), cells[2]))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("golden")
    void isWhatFfmpegsSignatureFilterFinds(Golden golden) throws IOException {
        FrameSignature signature;
        try (InputStream in = resource(golden.picture() + ".png")) {
            BufferedImage image = ImageIO.read(in);
            byte[] grey = new byte[image.getWidth() * image.getHeight()];
            for (int i = 0; i < grey.length; i++) {
                grey[i] = (byte) image.getRaster().getSample(i % image.getWidth(), i / image.getWidth(), 0);
            }
            signature = FrameSignature.of(LumaGrid.of(grey, image.getWidth(), image.getHeight()));
        }
        StringBuilder elements = new StringBuilder();
        for (int i = 0; i < SignatureElements.COUNT; i++) {
            elements.append(signature.element(i));
        }
        assertEquals(golden.elements(), elements.toString());
        assertEquals(golden.confidence(), signature.confidence());
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(FrameSignatureTest.class.getResourceAsStream(name), name);
    }

    @Test
    void hasTheElementsOfTheStandard() {
        assertEquals(
                List.of(20, 12, 116, 25, 36, 30, 62, 9, 50, 20),
                SignatureElements.CATEGORIES.stream().map(List::size).toList());
        for (List<Element> category : SignatureElements.CATEGORIES) {
            for (Element element : category) {
                element.first().forEach(FrameSignatureTest::assertWithinTheGrid);
                element.second().forEach(FrameSignatureTest::assertWithinTheGrid);
            }
        }
    }

    private static void assertWithinTheGrid(Rectangle region) {
        assertTrue(
                region.x() >= 0
                        && region.y() >= 0
                        && region.x() + region.width() <= 32
                        && region.y() + region.height() <= 32,
                region.toString());
    }

    @Test
    void survivesAsBytes() {
        FrameSignature signature = signature(SCENE::luma);
        FrameSignature read = FrameSignature.fromBytes(signature.toBytes(), signature.confidence());
        assertEquals(signature, read);
        assertEquals(76, signature.toBytes().length);
        byte[] wrong = signature.toBytes();
        wrong[3] = (byte) 243;
        assertThrows(IllegalArgumentException.class, () -> FrameSignature.fromBytes(wrong, 0));
    }

    /** Tolerances: far below the 110 that are taken for the same picture. */
    @Test
    void hardlyChangesWithSizeAndBrightnessAndMuchWithTheScene() {
        FrameSignature signature = signature(SCENE::luma);
        FrameSignature small = FrameSignature.of(LumaGrid.of(Scene.picture(SCENE::luma, 100, 70, 0), 100, 70));
        assertTrue(signature.distance(small) < 15, "" + signature.distance(small));
        FrameSignature pale = signature((x, y, t) -> 20 + 0.8 * SCENE.luma(x, y, t));
        assertTrue(signature.distance(pale) < 20, "" + signature.distance(pale));
        FrameSignature other = signature(new Scene(2)::luma);
        assertTrue(signature.distance(other) > 200, "" + signature.distance(other));
    }

    @Test
    void ofAPartIsThatOfThePartAlone() {
        FrameSignature part = FrameSignature.of(
                LumaGrid.of(Scene.picture(SCENE::luma, 320, 180, 0), 320, 180).sums(), new Window(0.25, 0.5, 0.5, 0.5));
        FrameSignature alone = signature((x, y, t) -> SCENE.luma(0.25 + x / 2, 0.5 + y / 2, t));
        assertTrue(part.distance(alone) < 60, "" + part.distance(alone));
    }

    @Test
    void ofATurnedPictureIsThatOfThePictureTurned() {
        LumaGrid picture = LumaGrid.of(Scene.picture(SCENE::luma, 320, 320, 0), 320, 320);
        assertEquals(signature((x, y, t) -> SCENE.luma(1 - x, y, t)), turned(picture, Orientation.MIRRORED));
        assertEquals(signature((x, y, t) -> SCENE.luma(1 - x, 1 - y, t)), turned(picture, Orientation.UPSIDE_DOWN));
        assertEquals(signature((x, y, t) -> SCENE.luma(y, x, t)), turned(picture, Orientation.TRANSPOSED));
    }

    @Test
    void hasNoConfidenceInAPictureOfOneColour() {
        assertEquals(0, signature((x, y, t) -> 77).confidence());
    }

    private static FrameSignature turned(LumaGrid picture, Orientation orientation) {
        return FrameSignature.of(picture.turned(orientation));
    }

    private static FrameSignature signature(Scene.View view) {
        return FrameSignature.of(LumaGrid.of(Scene.picture(view, 320, 320, 0), 320, 320));
    }
}
