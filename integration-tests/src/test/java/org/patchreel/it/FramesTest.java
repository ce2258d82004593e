package org.patchreel.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen in the clips of the README's first command. */
@Timeout(300)
class FramesTest {
    private static final Path SCRIPT =
            Path.of("..", "patchreel").toAbsolutePath().normalize();
    private static final String PROMPT = "a red ball rolls from left to right past a tree at sunset";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void noFrameOfTheDefaultClipIsBlackOrEmpty(int seed) throws Exception {
        Path home = Path.of("target", "home").toAbsolutePath();
        List<byte[]> frames = ClipFile.read(generate(home, "clip", "--seed", Integer.toString(seed)))
                .frames();
        assertEquals(17, frames.size());
        for (int i = 0; i < frames.size(); i++) {
            double mean = mean(frames.get(i));
            int frame = i;
            assertTrue(mean > 25, () -> "mean of frame " + frame + " of 255: " + mean);
            double spread = deviation(frames.get(i), mean);
            assertTrue(spread > 10, () -> "standard deviation of frame " + frame + " of 255: " + spread);
        }
    }

    /** Sums in floating point depend on how many threads share them: each number of threads is compared with itself. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void theSameSeedGivesTheSameFramesInEveryProcess(int threads) throws Exception {
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf/org.patchreel.runtime.cfg"), "threads = " + threads + "\n");
        Files.writeString(home.resolve("conf/org.patchreel.provenance.cfg"), "watermark = false\nmanifest = false\n");
        byte[] first = mediaData(generate(home, "first", "--seed", "7", "--size", "96x96"));
        byte[] other = mediaData(generate(home, "other", "--seed", "8", "--size", "96x96"));
        assertFalse(Arrays.equals(first, other), "seed 8 gave the frames of seed 7");
        for (String again : new String[] {"second", "third"}) {
            assertArrayEquals(first, mediaData(generate(home, again, "--seed", "7", "--size", "96x96")), again);
        }
    }

    private Path generate(Path home, String name, String... arguments) throws IOException, InterruptedException {
        Path clip = folder.resolve(name + ".mp4");
        List<String> command =
                new ArrayList<>(List.of(SCRIPT.toString(), "generate", PROMPT, "--out", clip.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATCHREEL_HOME", home.toString());
        builder.environment().put("PATCHREEL_ASSETS", folder.resolve("assets").toString());
        Path output = folder.resolve(name + ".txt");
        Process process = builder.redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(4, TimeUnit.MINUTES);
        process.destroyForcibly();
        String text = Files.readString(output, UTF_8);
        assertTrue(ended, text);
        assertEquals(0, process.exitValue(), text);
        return clip;
    }

    /** The content of the box {@code mdat}, the encoded frames. */
    private static byte[] mediaData(Path clip) throws IOException {
        byte[] file = Files.readAllBytes(clip);
        ByteBuffer boxes = ByteBuffer.wrap(file);
        while (boxes.remaining() >= 8) {
            int start = boxes.position();
            int size = boxes.getInt();
            byte[] type = new byte[4];
            boxes.get(type);
            if (new String(type, UTF_8).equals("mdat")) {
                return Arrays.copyOfRange(file, start + 8, start + size);
            }
            boxes.position(start + size);
        }
        throw new IOException("no media data in " + clip);
    }

    private static double mean(byte[] pixels) {
        long sum = 0;
        for (byte pixel : pixels) {
            sum += pixel & 255;
        }
        return (double) sum / pixels.length;
    }

    private static double deviation(byte[] pixels, double mean) {
        double sum = 0;
        for (byte pixel : pixels) {
            double difference = (pixel & 255) - mean;
            sum += difference * difference;
        }
        return Math.sqrt(sum / pixels.length);
    }
}
