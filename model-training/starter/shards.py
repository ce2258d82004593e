"""Rendered shards in memory, and batches of them."""
import random

import torch

from starter.latents import Latents
from world.caption import caption


class Shards:
    """All pictures or clips of a folder that have the given size of latents; `more` takes up what was rendered since."""

    def __init__(self, folder, kind):
        self.folder, self.kind, self.known = folder, kind, set()
        self.latents, self.cover, self.scenes = [], [], []
        self.more()

    def more(self):
        for path in sorted(self.folder.glob(f"{self.kind}-*.pt")):
            if path not in self.known:
                shard = torch.load(path, weights_only=False)
                self.known.add(path)
                self.latents.append(shard["latents"])
                self.cover.append(shard["cover"])
                self.scenes.append(shard["scenes"])

    def __len__(self):
        return sum(len(scenes) for scenes in self.scenes)

    def batch(self, size, chance: random.Random, blank: float):
        """Latents, coverage, scenes and descriptions of `size` clips of one shard; the share `blank` is not described."""
        shard = chance.choices(range(len(self.scenes)), [len(scenes) for scenes in self.scenes])[0]
        picked = [chance.randrange(len(self.scenes[shard])) for _ in range(size)]
        scenes = [self.scenes[shard][index] for index in picked]
        texts = ["" if chance.random() < blank else caption(scene, chance) for scene in scenes]
        return self.latents[shard][picked].float(), self.cover[shard][picked].float(), scenes, texts


def basis(folder) -> Latents:
    return Latents(**torch.load(folder / "latents.pt"))
