"""The two sizes in which the starter is trained: on one or two processors over days, and on one GPU in half an hour."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Preset:
    """
    sizes: rows and columns of the clips; the first is the native size
    frames, rate: length of a clip and its frames a second
    clips, pictures: rendered in all and kept; half of them are mirror images
    held_out, fitted: clips that are never trained on, and clips that the basis of the latents is fitted on
    channels: of the latents
    encoder, decoder: widths of the VAE
    codec_batch: frames and count of the clips in a step of the VAE's training
    patch: rows and columns of latents in a token of the transformer
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
    encoder: int
    decoder: int
    codec_batch: tuple[int, int]
    patch: int
    heads: int
    head: int
    layers: int
    feed_forward: int
    batch: int
    picture_batch: int
    text_length: int = 48
    text_width: int = 128


GPU = Preset(
    sizes=((256, 256), (192, 320), (320, 192)), frames=33, rate=12.0, clips=80000, pictures=200000, held_out=256, fitted=256,
    channels=32, encoder=72, decoder=112, codec_batch=(17, 16), patch=4,
    heads=9, head=64, layers=6, feed_forward=1536, batch=256, picture_batch=1024,
)
PRESETS = {
    "cpu": Preset(
        sizes=((96, 96),), frames=17, rate=8.0, clips=40000, pictures=100000, held_out=64, fitted=256,
        channels=32, encoder=72, decoder=96, codec_batch=(9, 4), patch=2,
        heads=4, head=48, layers=6, feed_forward=768, batch=16, picture_batch=256,
    ),
    "gpu": GPU,
    # The GPU's networks with hardly any data: shows on any machine that every command of the GPU's training starts.
    "gpu-trial": dataclasses.replace(
        GPU, clips=24, pictures=36, held_out=4, fitted=4, batch=2, picture_batch=4, codec_batch=(3, 2)),
}
