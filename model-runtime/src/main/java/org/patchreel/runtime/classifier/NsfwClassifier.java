package org.patchreel.runtime.classifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.patchreel.runtime.model.ModelRuntime;
import org.patchreel.runtime.torch.TorchEngine;
import org.patchreel.spi.PictureClassifier;
import org.patchreel.spi.VideoFrame;

/**
 * NSFWJS's classifier: tells explicit pictures from others. The network is loaded by the first picture and stays in memory, 10 MB. It
 * runs on the CPU, so that it takes no memory of a GPU from the model.
 *
 * @see <a href="https://github.com/infinitered/nsfwjs">NSFWJS</a>
 */
@Component(service = PictureClassifier.class)
public final class NsfwClassifier implements PictureClassifier {

    private static final String WEIGHTS = "nsfw-mobilenet-v2";
    private static final String FILE = WEIGHTS + ".safetensors";
    private static final List<String> LABELS = List.of("drawing", "hentai", "neutral", "porn", "sexy");

    private static final int KNOWN_SIDE = 224;

    /** What tfjs makes of the gradient that {@link #gradient} draws; see {@code model-training/frames/golden.mjs}. */
    private static final double[] KNOWN_SCORES = {0.887411, 0.020243, 0.087355, 0.004046, 0.000945};

    /** Of a score. Other processors differ by less than 1e-3; wrong code differs by more. */
    private static final double TOLERANCE = 0.01;

    /** Guarded by this. */
    private @Nullable MobileNet network;

    private boolean closed;

    /**
     * Creates the classifier; loads nothing yet.
     *
     * @param runtime has set how libtorch is loaded
     */
    @Activate
    public NsfwClassifier(@Reference ModelRuntime runtime) {
        this();
    }

    NsfwClassifier() {}

    @Override
    public String name() {
        return "NSFWJS 4.3.0, MobileNet v2";
    }

    @Override
    public List<String> labels() {
        return LABELS;
    }

    @Override
    public Map<String, Double> scores(VideoFrame picture) throws IOException {
        try {
            return TorchEngine.run(() -> classify(picture));
        } catch (IOException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw new IOException("the picture classifier " + name() + " failed: " + e.getMessage(), e);
        }
    }

    private synchronized Map<String, Double> classify(VideoFrame picture) throws IOException {
        if (closed) {
            throw new IOException("the picture classifier " + name() + " has stopped");
        }
        MobileNet loaded = network;
        if (loaded == null) {
            loaded = load();
            network = loaded;
        }
        return scores(loaded.probabilities(picture));
    }

    private Map<String, Double> scores(float[] probabilities) throws IOException {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < probabilities.length; i++) {
            if (!Float.isFinite(probabilities[i])) {
                throw new IOException("the picture classifier " + name() + " gives numbers that are not finite");
            }
            scores.put(LABELS.get(i), (double) probabilities[i]);
        }
        return scores;
    }

    private MobileNet load() throws IOException {
        Optional<String> refusal = TorchEngine.refusal();
        if (refusal.isPresent()) {
            throw new IOException("the picture classifier " + name() + " cannot be used: " + refusal.get());
        }
        MobileNet loaded = unpacked();
        try {
            check(loaded);
            return loaded;
        } catch (IOException | RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }

    /** Weights are mapped from a file, whose maps outlive its name: nothing is left behind. */
    private static MobileNet unpacked() throws IOException {
        Path folder = folder();
        Path file = folder.resolve(FILE);
        try (InputStream weights =
                Objects.requireNonNull(NsfwClassifier.class.getResourceAsStream(FILE), "no resource " + FILE)) {
            Files.copy(weights, file);
            return MobileNet.load(folder, WEIGHTS, LABELS.size());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static Path folder() throws IOException {
        Optional<Path> cache = TorchEngine.cache();
        return cache.isPresent()
                ? Files.createTempDirectory(Files.createDirectories(cache.get()), "classifier")
                : Files.createTempDirectory("patchreel-classifier");
    }

    /** Some processors get wrong numbers from some code: a classifier that sees nothing would let everything pass. */
    private void check(MobileNet loaded) throws IOException {
        float[] found = loaded.probabilities(gradient());
        for (int i = 0; i < KNOWN_SCORES.length; i++) {
            if (!(Math.abs(found[i] - KNOWN_SCORES[i]) < TOLERANCE)) {
                throw new IOException("the picture classifier " + name() + " gives wrong numbers on this machine: "
                        + LABELS.get(i) + " " + found[i] + ", expected " + KNOWN_SCORES[i]);
            }
        }
    }

    private static VideoFrame gradient() {
        ByteBuffer rgb = ByteBuffer.allocate(3 * KNOWN_SIDE * KNOWN_SIDE);
        for (int y = 0; y < KNOWN_SIDE; y++) {
            for (int x = 0; x < KNOWN_SIDE; x++) {
                rgb.put((byte) x).put((byte) y).put((byte) ((x + y) / 2));
            }
        }
        return new VideoFrame(KNOWN_SIDE, KNOWN_SIDE, rgb.flip());
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        MobileNet loaded = network;
        network = null;
        if (loaded != null) {
            loaded.close();
        }
    }
}
