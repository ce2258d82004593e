package org.patchreel.policy.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProtectedPicturesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    private static GreyPicture seen(BufferedImage image) {
        return GreyPicture.of(DrawnScene.frame(image));
    }

    private void save(long seed, String name) throws IOException {
        String format = name.endsWith(".png") ? "png" : "jpg";
        ImageIO.write(
                new DrawnScene(seed).image(0), format, folder.resolve(name).toFile());
    }

    @ParameterizedTest
    @EnumSource
    void aPictureIsFoundHoweverItIsAltered(Alteration alteration) throws IOException {
        save(7, "other.png");
        save(8, "ball.jpg");
        ProtectedPictures pictures = new ProtectedPictures(folder);
        assertEquals(2, pictures.update());
        BufferedImage altered = alteration.of(new DrawnScene(8).image(0), new Random(1));
        assertEquals(Optional.of("ball.jpg"), pictures.find(seen(altered), FrameCheck.LIKENESS));
    }

    @Test
    void otherPicturesAreNotLikeIt() throws IOException {
        save(8, "ball.png");
        ProtectedPictures pictures = new ProtectedPictures(folder);
        pictures.update();
        for (int seed = 100; seed < 150; seed++) {
            assertEquals(
                    Optional.empty(),
                    pictures.find(seen(new DrawnScene(seed).image(0)), FrameCheck.LIKENESS),
                    "seed " + seed);
        }
        assertEquals(
                Optional.empty(),
                pictures.find(seen(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB)), FrameCheck.LIKENESS),
                "a plain picture is like no other");
    }

    @Test
    void aFolderThatIsNotThereHasNoPictures() throws IOException {
        ProtectedPictures pictures = new ProtectedPictures(folder.resolve("missing"));
        assertEquals(0, pictures.update());
        assertEquals(Optional.empty(), pictures.find(seen(new DrawnScene(1).image(0)), FrameCheck.LIKENESS));
    }

    @Test
    void picturesThatComeAndGoCountFromTheNextLookOn() throws IOException {
        ProtectedPictures pictures = new ProtectedPictures(folder);
        assertEquals(0, pictures.update());
        save(8, "ball.png");
        assertEquals(1, pictures.update());
        GreyPicture ball = seen(new DrawnScene(8).image(0));
        assertEquals(Optional.of("ball.png"), pictures.find(ball, FrameCheck.LIKENESS));
        Files.delete(folder.resolve("ball.png"));
        assertEquals(0, pictures.update());
        assertEquals(Optional.empty(), pictures.find(ball, FrameCheck.LIKENESS));
    }

    @Test
    void aFileThatCannotBeUsedIsNamed() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "is no picture, and is not looked at");
        Path broken = Files.writeString(folder.resolve("a.png"), "no picture");
        ProtectedPictures pictures = new ProtectedPictures(folder);
        assertEquals(
                broken + " is no JPEG or PNG file",
                assertThrows(IOException.class, pictures::update).getMessage());
        ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "png", broken.toFile());
        assertEquals(
                broken + " shows nothing that can be recognised",
                assertThrows(IOException.class, pictures::update).getMessage());
        Files.write(broken, new byte[(32 << 20) + 1]);
        assertEquals(
                broken + " is no file of at most 33554432 bytes",
                assertThrows(IOException.class, pictures::update).getMessage());
    }

    @Test
    void aPictureThatClaimsToBeHugeIsNotDecoded() throws IOException {
        Path huge = folder.resolve("huge.png");
        ImageIO.write(new DrawnScene(1).image(0), "png", huge.toFile());
        byte[] bytes = Files.readAllBytes(huge);
        // width and height of the header: 65,535 x 65,535
        for (int at : new int[] {18, 19, 22, 23}) {
            bytes[at] = (byte) 0xff;
        }
        Files.write(huge, bytes);
        assertEquals(
                huge + " has 4294836225 pixels, at most 67108864 are read",
                assertThrows(IOException.class, new ProtectedPictures(folder)::update)
                        .getMessage());
    }
}
