"""What the renderer knows of the clips that it draws: what is where, and what can be seen at all."""
import dataclasses

import numpy as np

from world import renderer
from world.camera import FOCAL_LENGTH

BACKGROUND, FIRST, SECOND, OCCLUDER = range(4)


@dataclasses.dataclass(frozen=True)
class Truth:
    """`pixels` uint8 [T, H, W, 3]; `labels` uint8 [T, H, W], what covers more than half of a pixel; `whole` [2, T], the
    pixels that each object would cover if nothing hid it; `horizon` [T], its row."""

    pixels: np.ndarray
    labels: np.ndarray
    whole: np.ndarray
    horizon: np.ndarray


def render(scenes, frames: int, rate: float, size: int, only=None) -> list[Truth]:
    """Draws scenes, in groups that fit into memory."""
    result = []
    for begin in range(0, len(scenes), 16):
        chosen = None if only is None else only[begin : begin + 16]
        clips = renderer.render(scenes[begin : begin + 16], frames, rate, size, size, only=chosen)
        horizon = size / 2 - 0.5 + clips.pitch.tan() * FOCAL_LENGTH * size / 2
        parts = (part.numpy() for part in (clips.pixels, clips.labels, clips.whole, horizon))
        result.extend(Truth(*clip) for clip in zip(*parts))
    return result
