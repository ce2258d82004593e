"""The two sizes in which the starter is trained: on two processors in an afternoon, and on one GPU in half an hour."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Preset:
    """`clips` and `pictures` are what is rendered once and reused; each counts twice, for its mirror image. `channels` is
    the number of latent channels; the transformer has `layers` blocks of `heads` heads of `head` dimensions."""

    sizes: tuple[tuple[int, int], ...]
    frames: int
    rate: float
    clips: int
    pictures: int
    held_out: int
    channels: int
    decoder: int
    heads: int
    head: int
    layers: int
    feed_forward: int
    batch: int
    picture_batch: int
    text_length: int = 48
    text_width: int = 128


PRESETS = {
    "cpu": Preset(
        sizes=((96, 96),), frames=17, rate=8.0, clips=6400, pictures=24000, held_out=64, channels=24, decoder=32,
        heads=4, head=48, layers=6, feed_forward=768, batch=24, picture_batch=64,
    ),
    "gpu": Preset(
        sizes=((256, 256), (192, 320), (320, 192)), frames=33, rate=12.0, clips=40000, pictures=100000, held_out=256,
        channels=24, decoder=64, heads=6, head=64, layers=8, feed_forward=1536, batch=256, picture_batch=1024,
    ),
}
