package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Optional;
import org.patchreel.api.GenerationException;
import org.patchreel.api.GenerationException.Reason;
import org.patchreel.api.VideoFormat;
import org.patchreel.runtime.family.Tiling;
import org.patchreel.runtime.family.wan.vae.FrameEncoder;
import org.patchreel.runtime.family.wan.vae.VideoAutoencoder;
import org.patchreel.spi.FrameGrid;
import org.patchreel.spi.FrameSource;
import org.patchreel.spi.GenerationCancelledException;
import org.patchreel.spi.GenerationMonitor;
import org.patchreel.spi.VideoFrame;

/**
 * Encodes whole clips, of which one latent frame's frames are in memory at a time.
 *
 * @param vae encodes them
 * @param grid of the model
 * @param tiling of the pictures; empty for none
 */
record ClipEncoder(VideoAutoencoder vae, FrameGrid grid, Optional<Tiling> tiling) {

    /**
     * Encodes a clip.
     *
     * @param frames as many as the format has
     * @param format of the clip, on the grid
     * @param monitor asked before each tile whether to stop
     * @param scope will own the result
     * @return (1, z, F, h, w), normalised
     * @throws GenerationException with {@link Reason#STORAGE} if the frames cannot be read
     */
    NDArray encode(FrameSource frames, VideoFormat format, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NDList latents = new NDList();
        try (FrameEncoder encoder = vae.encoder(format.size(), tiling)) {
            for (int latent = 0; latent < grid.latentFrames(format.frameCount()); latent++) {
                try (NDManager step = scope.newSubManager()) {
                    NDList pictures = new NDList();
                    for (int i = latent == 0 ? 1 : grid.temporalStride(); i > 0; i--) {
                        pictures.add(WanPipeline.pixels(next(frames), step));
                    }
                    NDArray encoded = encoder.next(NDArrays.concat(pictures, 2), monitor, step);
                    encoded.attach(scope);
                    latents.add(encoded);
                }
            }
        }
        NDArray clip = NDArrays.concat(latents, 2);
        latents.close();
        return clip;
    }

    private static VideoFrame next(FrameSource frames) throws GenerationException {
        try {
            return frames.next()
                    .orElseThrow(() -> new IllegalArgumentException("the clip has fewer frames than its format says"));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, "the clip to restyle cannot be read: " + e.getMessage(), e);
        }
    }
}
