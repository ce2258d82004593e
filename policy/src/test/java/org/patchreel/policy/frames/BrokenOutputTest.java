package org.patchreel.policy.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.patchreel.policy.frames.BrokenOutput.Kind;
import org.patchreel.spi.VideoFrame;

class BrokenOutputTest {

    private static final DrawnScene SCENE = new DrawnScene(3);

    private static Optional<Kind> finding(List<VideoFrame> frames) {
        BrokenOutput check = new BrokenOutput();
        frames.forEach(frame -> check.add(frame, GreyPicture.of(frame)));
        return check.finding();
    }

    private static VideoFrame solid(Color colour, int noise, long seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 64; i++) {
            int grain = noise == 0 ? 0 : random.nextInt(noise);
            image.setRGB(
                    i % 64,
                    i / 64,
                    new Color(colour.getRed() + grain, colour.getGreen() + grain, colour.getBlue() + grain).getRGB());
        }
        return DrawnScene.frame(image);
    }

    @Test
    void aSceneInWhichAThingMovesIsSound() {
        assertEquals(Optional.empty(), finding(List.of(SCENE.frame(0), SCENE.frame(10), SCENE.frame(20))));
    }

    @Test
    void aBlackClipIsFoundAlthoughItHasGrain() {
        assertEquals(Optional.of(Kind.BLACK), finding(List.of(solid(Color.BLACK, 12, 1), solid(Color.BLACK, 12, 2))));
    }

    @Test
    void aClipOfOneColourIsFoundIfEveryFrameIsSoAlthoughItHasALabel() {
        BufferedImage image = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(new Color(200, 60, 60));
        graphics.fillRect(0, 0, 200, 100);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(150, 90, 45, 8);
        graphics.dispose();
        VideoFrame labelled = DrawnScene.frame(image);
        assertEquals(Optional.of(Kind.ONE_COLOUR), finding(List.of(labelled, labelled)));
        assertEquals(Optional.empty(), finding(List.of(labelled, other())));
    }

    private static VideoFrame other() {
        BufferedImage image = new BufferedImage(200, 100, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.GREEN);
        graphics.fillOval(20, 20, 90, 60);
        graphics.dispose();
        return DrawnScene.frame(image);
    }

    @Test
    void aFadeFromBlackIsSound() {
        assertEquals(Optional.empty(), finding(List.of(solid(Color.BLACK, 0, 1), other(), other())), "it is not black");
    }

    @Test
    void noiseIsFoundIfMostFramesShowIt() {
        List<VideoFrame> noise =
                IntStream.range(0, 3).mapToObj(FrameRedTeam::noise).toList();
        assertEquals(Optional.of(Kind.NOISE), finding(noise));
        assertEquals(
                Optional.empty(), finding(List.of(noise.get(0), SCENE.frame(0), SCENE.frame(10), SCENE.frame(20))));
    }

    @Test
    void aClipInWhichNothingMovesIsFoundFromThreeFramesOn() {
        VideoFrame still = SCENE.frame(0);
        assertEquals(Optional.empty(), finding(List.of(still)), "it is a picture");
        assertEquals(Optional.empty(), finding(List.of(still, still)));
        assertEquals(Optional.of(Kind.FROZEN), finding(List.of(still, still, still)));
    }

    @Test
    void aSmallThingThatMovesIsMotion() {
        assertEquals(Optional.empty(), finding(List.of(dot(40), dot(44), dot(48))));
    }

    private static VideoFrame dot(int x) {
        BufferedImage image = SCENE.image(0);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillOval(x, 250, 6, 6);
        graphics.dispose();
        return DrawnScene.frame(image);
    }

    @Test
    void whatHasNoFramesIsNotJudgedHere() {
        assertEquals(Optional.empty(), finding(List.of()));
    }
}
