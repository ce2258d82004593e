"""The two sizes in which the starter is trained: on two processors in an afternoon, and on one GPU in half an hour."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Preset:
    """
    sizes: rows and columns of the clips; the first is the native size
    frames, rate: length of a clip and its frames a second
    clips, pictures: rendered once and reused; each counts twice, for its mirror image
    held_out, fitted: clips that are never trained on, and clips that the basis of the latents is fitted on
    channels: of the latents
    decoder: width of the VAE's decoder at its finest level
    crops: frames, side and count of what a step of the VAE's training sees, in turns
    heads, head, layers, feed_forward: of the transformer, whose width is heads * head
    batch, picture_batch: clips or pictures in a step of the transformer's training
    text_length, text_width: tokens of a prompt, and width of the text encoder
    """

    sizes: tuple[tuple[int, int], ...]
    frames: int
    rate: float
    clips: int
    pictures: int
    held_out: int
    fitted: int
    channels: int
    decoder: int
    crops: tuple[tuple[int, int, int], ...]
    heads: int
    head: int
    layers: int
    feed_forward: int
    batch: int
    picture_batch: int
    text_length: int = 48
    text_width: int = 128


GPU = Preset(
    sizes=((256, 256), (192, 320), (320, 192)), frames=33, rate=12.0, clips=40000, pictures=100000, held_out=256, fitted=256,
    channels=24, decoder=32, crops=((33, 96, 24), (17, 128, 24), (9, 128, 48), (17, 128, 24)),
    heads=6, head=64, layers=7, feed_forward=1536, batch=256, picture_batch=1024,
)
PRESETS = {
    "cpu": Preset(
        sizes=((96, 96),), frames=17, rate=8.0, clips=6400, pictures=24000, held_out=64, fitted=256, channels=24, decoder=32,
        crops=((17, 48, 4), (9, 48, 7), (5, 64, 7), (9, 48, 7)),
        heads=4, head=48, layers=6, feed_forward=768, batch=24, picture_batch=64,
    ),
    "gpu": GPU,
    # The GPU's networks with hardly any data: shows on any machine that every command of the GPU's training starts.
    "gpu-trial": dataclasses.replace(
        GPU, clips=6, pictures=9, held_out=4, fitted=4, batch=2, picture_batch=4, crops=((33, 64, 1), (9, 64, 1))),
}
