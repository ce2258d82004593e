"""What the transformer and its text encoder are asked beside the velocity while they are trained; thrown away afterwards."""
import torch
from torch import nn
from torch.nn import functional

from world.scene import CAMERAS, COLOURS, DIRECTIONS, MOTIONS, OCCLUDERS, RELATIONS, SHAPES

COLOUR_NAMES = tuple(COLOURS)
ASKED = (
    (COLOUR_NAMES, lambda scene: scene.first.colour),
    (SHAPES, lambda scene: scene.first.shape),
    (MOTIONS, lambda scene: scene.motion),
    (DIRECTIONS, lambda scene: scene.direction),
    (CAMERAS, lambda scene: scene.camera),
    (OCCLUDERS, lambda scene: scene.occluder),
    (RELATIONS, lambda scene: scene.relation),
    (COLOUR_NAMES, lambda scene: scene.second and scene.second.colour),
    (SHAPES, lambda scene: scene.second and scene.second.shape),
)
"""What a description tells, with its values and how it stands in a scene; None where there is nothing to tell."""
UNASKED = -100


class Auxiliary(nn.Module):
    def __init__(self, width, text_width):
        super().__init__()
        self.shown = nn.Linear(width, 1 + len(COLOURS) + len(SHAPES))
        self.told = nn.Linear(text_width, sum(len(values) for values, _ in ASKED))

    def picture_loss(self, hidden, cover, scenes):
        """Where the object is, and its colour and shape, from the tokens [B, F, H, W, D] in the middle of the transformer
        (after Yu et al., REPA, https://arxiv.org/abs/2410.06940, with the renderer's truth in place of learnt features)."""
        colour = torch.tensor([COLOUR_NAMES.index(scene.first.colour) for scene in scenes], device=hidden.device)
        shape = torch.tensor([SHAPES.index(scene.first.shape) for scene in scenes], device=hidden.device)
        named = functional.one_hot(colour, len(COLOURS)), functional.one_hot(shape, len(SHAPES))
        named = torch.cat([torch.ones(len(scenes), 1, device=hidden.device), *named], 1).view(len(scenes), 1, 1, 1, -1)
        return ((self.shown(hidden.float()) - cover.unsqueeze(-1) * named) ** 2).sum(-1).mean()

    def text_loss(self, text, texts, scenes):
        """What each description tells, from every single token [B, L, D] of its embedding: a word alone does not say whether
        it is `from left to right` or `from right to left`. Descriptions left out on purpose are not asked about."""
        described = [row for row, description in enumerate(texts) if description]
        if not described:
            return text.sum() * 0
        tokens = text[described]
        there = tokens.detach().abs().sum(-1) > 0
        answers = self.told(tokens[there]).split([len(values) for values, _ in ASKED], -1)
        rows = there.nonzero()[:, 0]
        total = 0
        for (values, find), answer in zip(ASKED, answers):
            truth = [find(scenes[row]) for row in described]
            truth = torch.tensor([UNASKED if value is None else values.index(value) for value in truth], device=text.device)[rows]
            if (truth != UNASKED).any():
                total = total + functional.cross_entropy(answer, truth, ignore_index=UNASKED)
        return total / len(ASKED)
