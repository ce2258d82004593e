package org.patchreel.runtime.family.wan.vae;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.patchreel.runtime.golden.Golden.assertClose;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

                NDArray moments = new FrameEncoder(vae, Optional.empty())
                        .moments(golden.tensor("in.video." + frames), GenerationMonitor.UNWATCHED, golden.manager());
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
    void codesTileByTileLikeTheReference() throws Exception {
        try (Golden golden = Golden.open("vae_wan21_tiled");
                VideoAutoencoder vae = VideoAutoencoder.load(Golden.root().resolve("vae_wan21/vae"), Placement.CPU)) {
            Tiling tiling = new Tiling(
                    golden.meta().path("tile_sample_min_height").asInt(),
                    golden.meta().path("tile_sample_stride_height").asInt());
            NDArray decoded = decode(vae, golden.tensor("in.latents"), Optional.of(tiling), golden.manager());
            assertClose("tiled decode", golden.tensor("out.decode"), decoded, golden.tolerance());
            NDArray moments = new FrameEncoder(vae, Optional.of(tiling))
                    .moments(golden.tensor("in.video"), GenerationMonitor.UNWATCHED, golden.manager());
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
                    vae.encode(video, Optional.empty(), GenerationMonitor.UNWATCHED, manager)
                            .getShape(),
                    vae.encode(
                                    video,
                                    Optional.of(new Tiling(4 * stride, 3 * stride)),
                                    GenerationMonitor.UNWATCHED,
                                    manager)
                            .getShape());
        }
    }

    /** Decodes latents that are not normalised, as the vectors have them. */
    private static NDArray decode(VideoAutoencoder vae, NDArray latents, Optional<Tiling> tiling, NDManager manager)
            throws Exception {
        NDArray normalised = vae.normalise(latents, manager);
        NDList frames = new NDList();
        try (FrameDecoder decoder = vae.decoder(normalised, tiling)) {
            while (decoder.hasNext()) {
                frames.add(decoder.next(GenerationMonitor.UNWATCHED, manager));
            }
        }
        return NDArrays.concat(frames, 2);
    }
}
