"""What the renderer knows of the clips that it draws: what is where, and what can be seen at all."""
import dataclasses

import numpy as np
import torch

from world import renderer

BACKGROUND, FIRST, SECOND, OCCLUDER = range(4)


@dataclasses.dataclass(frozen=True)
class Truth:
    """`pixels` uint8 [T, H, W, 3]; `labels` uint8 [T, H, W], what covers more than half of a pixel; `whole` [2, T], the
    pixels that each object would cover if nothing hid it; `horizon` [T], its row; `clips` is the renderer's own answer,
    of this scene."""

    pixels: np.ndarray
    labels: np.ndarray
    whole: np.ndarray
    horizon: np.ndarray
    screen: np.ndarray
    position: np.ndarray


class _Labelled(renderer._Picture):
    def labels(self):
        covers = torch.stack([self._object(0)[1], self._object(1)[1], self._occluder()[1]])
        away = self.position - self.eye.unsqueeze(1)
        distance = torch.stack([away[:, 0].norm(dim=-1), away[:, 1].norm(dim=-1), self._occluder_distance()])
        order = distance.argsort(0, descending=True)
        labels = torch.zeros_like(covers[0], dtype=torch.uint8)
        for rank in range(3):
            index = order[rank].view(1, *order.shape[1:], 1, 1)
            alpha = torch.take_along_dim(covers, index.expand(1, *covers.shape[1:]), 0)[0]
            labels = torch.where(alpha > 0.5, (index[0] + 1).to(torch.uint8), labels)
        flip = self.mirror.view(-1, 1, 1, 1)
        labels = torch.where(flip, labels.flip(3), labels)
        return labels, (covers[:2] > 0.5).sum((3, 4))


def render(scenes, frames: int, rate: float, size: int, only=None) -> list[Truth]:
    """Draws scenes, in groups that fit into memory."""
    result = []
    for begin in range(0, len(scenes), 16):
        group = scenes[begin : begin + 16]
        chosen = None if only is None else only[begin : begin + 16]
        with torch.no_grad():
            picture = _Labelled(group, frames, rate, size, size, "cpu", chosen)
            clips = picture.draw()
            labels, whole = picture.labels()
        horizon = size / 2 - 0.5 + clips.pitch.tan() * picture.pixels_per_radian
        for i in range(len(group)):
            result.append(
                Truth(
                    clips.pixels[i].numpy(), labels[i].numpy(), whole[:, i].numpy(), horizon[i].numpy(),
                    clips.screen[i].numpy(), clips.position[i].numpy(),
                )
            )
    return result
