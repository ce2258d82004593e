package org.patchreel.runtime.family.wan.vae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.patchreel.api.FrameSize;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.golden.Golden;
import org.patchreel.runtime.torch.Placement;
import org.patchreel.spi.GenerationMonitor;

/** The autoencoder against diffusers' AutoencoderKLWan. Tolerance: the one of the vectors' authors. */
class VideoAutoencoderGoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"vae_wan21", "vae_wan22", "vae_one_level"})
    void decodesAndEncodesLikeTheReference(String folder) throws Exception {
        try (Golden golden = Golden.open(folder);
                VideoAutoencoder vae = VideoAutoencoder.load(golden.folder().resolve("vae"), Placement.CPU)) {
            for (var length : golden.meta().path("frames")) {
                String frames = length.asText();
                NDArray decoded =
                        decode(vae, golden.tensor("in.latents." + frames), Optional.empty(), golden.manager());
                assertClose("decode " + frames, golden.tensor("out.decode." + frames), decoded, golden.tolerance());

                NDArray moments = moments(vae, golden.tensor("in.video." + frames), Optional.empty(), golden.manager());
                int z = vae.config().zDim();
                assertClose(
                        "mean " + frames,
                        golden.tensor("out.encode_mean." + frames),
                        moments.get(":, :" + z),
                        golden.tolerance());
                assertClose(
                        "log variance " + frames,
                        golden.tensor("out.encode_logvar." + frames),
                        moments.get(":, " + z + ":").clip(-30, 20),
                        golden.tolerance());
            }
        }
    }

    @Test
    void takesTheFileOfTheOriginalRelease(@TempDir Path directory) throws Exception {
        Path folder = Golden.root().resolve("single_file");
        Files.copy(folder.resolve("vae/config.json"), directory.resolve("config.json"));
        Files.copy(folder.resolve("Wan2.1_VAE.pth"), directory.resolve("Wan2.1_VAE.pth"));
        try (Golden golden = Golden.open("single_file");
                VideoAutoencoder vae = VideoAutoencoder.load(directory, Placement.CPU)) {
            NDArray moments = moments(vae, golden.tensor("vae21.in.video"), Optional.empty(), golden.manager());
            NDArray mean = moments.get(":, :" + vae.config().zDim());
            assertClose("mean", golden.tensor("vae21.out.mean"), mean, 2e-4);
            NDArray decoded = decode(vae, golden.tensor("vae21.out.mean"), Optional.empty(), golden.manager());
            assertClose("decoded", golden.tensor("vae21.out.decoded"), decoded, 2e-4);
        }
    }

    @Test
    void codesTileByTileLikeTheReference() throws Exception {
        try (Golden golden = Golden.open("vae_wan21_tiled");
                VideoAutoencoder vae = VideoAutoencoder.load(Golden.root().resolve("vae_wan21/vae"), Placement.CPU)) {
            Tiling tiling = new Tiling(
                    golden.meta().path("tile_sample_min_height").asInt(),
                    golden.meta().path("tile_sample_stride_height").asInt());
            NDArray decoded = decode(vae, golden.tensor("in.latents"), Optional.of(tiling), golden.manager());
            assertClose("tiled decode", golden.tensor("out.decode"), decoded, golden.tolerance());
            NDArray moments = moments(vae, golden.tensor("in.video"), Optional.of(tiling), golden.manager());
            assertClose(
                    "tiled encode",
                    golden.tensor("out.encode_mean"),
                    moments.get(":, :" + vae.config().zDim()),
                    golden.tolerance());
        }
    }

    @Test
    void tilesFoldedPixelsWithoutSeams() throws Exception {
        // Wan 2.2 folds pixels into channels; the reference has no vectors for its tiles. Where every tile sees the
        // same,
        // a constant latent, the joined frame must be as smooth as the frame that was decoded whole.
        try (NDManager manager = NDManager.newBaseManager();
                VideoAutoencoder vae = VideoAutoencoder.load(Golden.root().resolve("vae_wan22/vae"), Placement.CPU)) {
            int stride = vae.config().scaleFactorSpatial();
            NDArray latents = manager.ones(new Shape(1, vae.config().zDim(), 2, 6, 8));
            NDArray whole = decode(vae, latents, Optional.empty(), manager);
            NDArray tiled = decode(vae, latents, Optional.of(new Tiling(4 * stride, 3 * stride)), manager);
            assertEquals(whole.getShape(), tiled.getShape());
            NDArray video = manager.zeros(new Shape(1, 3, 5, 6L * stride, 8L * stride));
            assertEquals(
                    moments(vae, video, Optional.empty(), manager).getShape(),
                    moments(vae, video, Optional.of(new Tiling(4 * stride, 3 * stride)), manager)
                            .getShape());
        }
    }

    @Test
    void takesTheFramesOfOneLatentFrameAtATime() throws Exception {
        try (NDManager manager = NDManager.newBaseManager();
                VideoAutoencoder vae = VideoAutoencoder.load(Golden.root().resolve("vae_wan21/vae"), Placement.CPU);
                FrameEncoder encoder = vae.encoder(new FrameSize(32, 16), Optional.empty())) {
            NDArray five = manager.zeros(new Shape(1, 3, 5, 16, 32));
            IllegalArgumentException refusal = assertThrows(
                    IllegalArgumentException.class, () -> encoder.next(five, GenerationMonitor.UNWATCHED, manager));
            assertEquals("latent frame 1 stands for 1 frames, not 5", refusal.getMessage());
            encoder.next(five.get(":, :, :1"), GenerationMonitor.UNWATCHED, manager);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> encoder.next(five.get(":, :, 1:2"), GenerationMonitor.UNWATCHED, manager));
            assertEquals(
                    new Shape(1, vae.config().zDim(), 1, 2, 4),
                    encoder.next(five.get(":, :, 1:"), GenerationMonitor.UNWATCHED, manager)
                            .getShape());
        }
    }

    /** Decodes latents that are not normalised, as the vectors have them. */
    private static NDArray decode(VideoAutoencoder vae, NDArray latents, Optional<Tiling> tiling, NDManager manager)
            throws Exception {
        NDArray normalised = vae.normalise(latents, manager);
        int stride = vae.config().scaleFactorSpatial();
        NDList frames = new NDList();
        try (FrameDecoder decoder = vae.decoder(size(latents, stride), tiling)) {
            for (int i = 0; i < latents.getShape().get(2); i++) {
                NDArray latent = normalised.get(":, :, " + i + ":" + (i + 1));
                frames.add(decoder.next(latent, GenerationMonitor.UNWATCHED, manager));
            }
        }
        return NDArrays.concat(frames, 2);
    }

    /** Mean and log variance of a clip's latents. */
    private static NDArray moments(VideoAutoencoder vae, NDArray video, Optional<Tiling> tiling, NDManager manager)
            throws Exception {
        NDList moments = new NDList();
        long start = 0;
        try (FrameEncoder encoder = vae.encoder(size(video, 1), tiling)) {
            while (start < video.getShape().get(2)) {
                long end = start == 0 ? 1 : start + vae.config().scaleFactorTemporal();
                NDArray frames = video.get(":, :, " + start + ":" + end);
                moments.add(encoder.moments(frames, GenerationMonitor.UNWATCHED, manager));
                start = end;
            }
        }
        return NDArrays.concat(moments, 2);
    }

    private static FrameSize size(NDArray video, int stride) {
        Shape shape = video.getShape();
        return new FrameSize(Math.toIntExact(shape.get(4) * stride), Math.toIntExact(shape.get(3) * stride));
    }
}
