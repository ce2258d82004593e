package org.patchreel.runtime.family.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.patchreel.api.FrameSize;
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
import org.patchreel.spi.Guides;
import org.patchreel.spi.KnownFrame;
import org.patchreel.spi.VideoFrame;

/**
 * Encodes what VACE follows: a clip in two halves, what is kept of it and what is made anew or followed, each grey where the
 * other is, and a mask. References stand before the clip, the first one next to it, as in diffusers; the authors' code has
 * the last one there. One latent frame's frames are in memory at a time.
 *
 * @param vae encodes them
 * @param grid of the model
 * @param tiling of the pictures; empty for none
 * @see <a href="https://arxiv.org/abs/2503.07598">Jiang et al., VACE: All-in-One Video Creation and Editing</a>
 */
record GuideEncoder(VideoAutoencoder vae, FrameGrid grid, Optional<Tiling> tiling) {

    /**
     * Encodes guides and known frames.
     *
     * @param guides whose clips have as many frames as the format
     * @param known frames that are kept, by their index
     * @param format of the clip, on the grid
     * @param monitor asked before each tile whether to stop
     * @param scope will own the result
     * @throws GenerationException with {@link Reason#STORAGE} if frames cannot be read
     */
    ImageCondition.Guided encode(
            Guides guides,
            NavigableMap<Integer, KnownFrame> known,
            VideoFormat format,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        List<GivenFrames.Pixels> canvases = new ArrayList<>();
        for (VideoFrame reference : guides.references()) {
            canvases.add(work -> ReferenceCanvas.draw(reference, format.size(), work));
        }
        return encode(canvases, guides, known, format, monitor, scope);
    }

    /**
     * As above.
     *
     * @param references in the size of the format, in place of those of the guides
     */
    ImageCondition.Guided encode(
            List<GivenFrames.Pixels> references,
            Guides guides,
            NavigableMap<Integer, KnownFrame> known,
            VideoFormat format,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NDList frames = new NDList();
        for (GivenFrames.Pixels reference : references) {
            frames.add(0, reference(reference, format.size(), monitor, scope));
        }
        frames.add(clip(guides, known, format, monitor, scope));
        if (frames.size() == 1) {
            return new ImageCondition.Guided(frames.get(0), Optional.empty());
        }
        NDArray channels = NDArrays.concat(frames, 2);
        frames.close();
        NDArray leading = channels.get(":, :" + vae.config().zDim() + ", :" + references.size());
        return new ImageCondition.Guided(channels, Optional.of(leading));
    }

    /** (1, 2z + s², 1, h, w): latents of the picture, and 0 for what is made anew and for the mask. */
    private NDArray reference(GivenFrames.Pixels picture, FrameSize size, GenerationMonitor monitor, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        try (NDManager work = scope.newSubManager();
                FrameEncoder encoder = vae.encoder(size, tiling)) {
            NDArray kept = encoder.next(picture.load(work), monitor, work);
            Shape shape = kept.getShape();
            NDArray rest = work.zeros(new Shape(1, vae.config().zDim() + cell(), 1, shape.get(3), shape.get(4)));
            NDArray channels = NDArrays.concat(new NDList(kept, rest), 1);
            channels.attach(scope);
            return channels;
        }
    }

    /** Pixels of a latent pixel, each of which is a channel of the mask. */
    private int cell() {
        return vae.config().scaleFactorSpatial() * vae.config().scaleFactorSpatial();
    }

    private NDArray clip(
            Guides guides,
            NavigableMap<Integer, KnownFrame> known,
            VideoFormat format,
            GenerationMonitor monitor,
            NDManager scope)
            throws GenerationException, GenerationCancelledException {
        int latentFrames = grid.latentFrames(format.frameCount());
        // a clip of which nothing is given is grey in both halves
        boolean same = !guides.hasClips() && known.isEmpty();
        NDList kept = new NDList();
        NDList made = new NDList();
        NDList masks = new NDList();
        try (NDManager encoding = scope.newSubManager();
                FrameEncoder keptEncoder = vae.encoder(format.size(), tiling);
                FrameEncoder madeEncoder = vae.encoder(format.size(), tiling)) {
            int frame = 0;
            for (int latent = 0; latent < latentFrames; latent++) {
                try (NDManager step = encoding.newSubManager()) {
                    NDList keptFrames = new NDList();
                    NDList madeFrames = new NDList();
                    for (int i = latent == 0 ? 1 : grid.temporalStride(); i > 0; i--, frame++) {
                        Halves halves = halves(guides, Optional.ofNullable(known.get(frame)), format.size(), step);
                        keptFrames.add(halves.kept);
                        madeFrames.add(halves.made);
                        if (masks.size() < latentFrames && frame == maskFrame(masks.size(), format, latentFrames)) {
                            masks.add(cells(halves.mask, encoding));
                        }
                    }
                    kept.add(encoded(keptEncoder, keptFrames, monitor, step, encoding));
                    if (!same) {
                        made.add(encoded(madeEncoder, madeFrames, monitor, step, encoding));
                    }
                }
            }
            NDArray channels = NDArrays.concat(
                    new NDList(
                            NDArrays.concat(kept, 2),
                            NDArrays.concat(same ? kept : made, 2),
                            NDArrays.concat(masks, 2)),
                    1);
            channels.attach(scope);
            return channels;
        }
    }

    private static NDArray encoded(
            FrameEncoder encoder, NDList frames, GenerationMonitor monitor, NDManager step, NDManager scope)
            throws GenerationException, GenerationCancelledException {
        NDArray latent = encoder.next(NDArrays.concat(frames, 2), monitor, step);
        latent.attach(scope);
        return latent;
    }

    /**
     * The frame whose mask counts for a latent frame: the one nearest to the middle of an equal share of the clip, as in
     * training. It is not always among the frames that the latent frame stands for.
     */
    private static int maskFrame(int latent, VideoFormat format, int latentFrames) {
        return (int) ((2L * latent + 1) * format.frameCount() / (2L * latentFrames));
    }

    /** A frame's mask (1, 1, 1, H, W) as (1, s², 1, h, w): the pixels of each latent one, row by row. */
    private NDArray cells(NDArray mask, NDManager scope) {
        int side = vae.config().scaleFactorSpatial();
        long rows = mask.getShape().get(3) / side;
        long columns = mask.getShape().get(4) / side;
        NDArray cells = mask.reshape(rows, side, columns, side)
                .transpose(1, 3, 0, 2)
                .reshape(1, (long) side * side, 1, rows, columns)
                .duplicate();
        cells.attach(scope);
        return cells;
    }

    /**
     * A frame of the clip.
     *
     * @param kept (1, 3, 1, H, W), grey where it is made anew
     * @param made (1, 3, 1, H, W), grey where it is kept
     * @param mask (1, 1, 1, H, W), 1 where it is made anew
     */
    private record Halves(NDArray kept, NDArray made, NDArray mask) {}

    private static Halves halves(Guides guides, Optional<KnownFrame> known, FrameSize size, NDManager scope)
            throws GenerationException {
        Shape pixels = new Shape(1, 3, 1, size.height(), size.width());
        NDArray picture = scope.zeros(pixels);
        NDArray mask = scope.ones(new Shape(1, 1, 1, size.height(), size.width()));
        NDArray followed = scope.zeros(pixels);
        if (guides.inpainting().isPresent()) {
            picture = WanPipeline.pixels(next(guides.inpainting().get().frames(), "the clip to inpaint"), scope);
            mask = mask(next(guides.inpainting().get().mask(), "the mask"), scope);
        }
        if (guides.control().isPresent()) {
            followed = WanPipeline.pixels(next(guides.control().get(), "the control clip"), scope);
        }
        if (known.isPresent()) {
            picture = WanPipeline.pixels(known.get().frame(), scope);
            mask = known.get().mask().isPresent()
                    ? mask(known.get().mask().get(), scope)
                    : scope.zeros(mask.getShape());
        }
        return new Halves(picture.mul(mask.mul(-1).add(1)), followed.mul(mask), mask);
    }

    /** (1, 1, 1, H, W): 1 where the picture is brighter than mid grey. */
    private static NDArray mask(VideoFrame frame, NDManager scope) {
        return WanPipeline.pixels(frame, scope).mean(new int[] {1}, true).gt(0).toType(DataType.FLOAT32, true);
    }

    private static VideoFrame next(FrameSource frames, String what) throws GenerationException {
        try {
            return frames.next()
                    .orElseThrow(() -> new IllegalArgumentException(what + " has fewer frames than its format says"));
        } catch (IOException e) {
            throw new GenerationException(Reason.STORAGE, what + " cannot be read: " + e.getMessage(), e);
        }
    }
}
