"""Rendered shards on the disk, and batches of them."""
import pathlib
import random

import torch

from starter.latents import Latents
from world.caption import caption


class Shards:
    """The first shards of pictures or clips of a folder, of which a batch reads no more than it shows: all together they are
    larger than the memory."""

    def __init__(self, folder: pathlib.Path, kind: str):
        self.folder, self.kind = folder, kind
        self.shards = []

    def path(self, number: int) -> pathlib.Path:
        return self.folder / f"{self.kind}-{number:04d}.pt"

    def there(self) -> int:
        """How many there are on the disk without a gap."""
        number = 0
        while self.path(number).exists():
            number += 1
        return number

    def take(self, count: int):
        """Has batches come of the first `count` shards."""
        del self.shards[count:]
        self.shards += [torch.load(self.path(number), mmap=True, weights_only=False) for number in range(len(self.shards), count)]

    def __len__(self):
        return sum(len(shard["scenes"]) for shard in self.shards)

    def batch(self, size, chance: random.Random, blank: float, places: list[int] | None = None):
        """Latents, coverage, scenes and descriptions of `size` clips of one shard, of all frames or of those at `places`; the share
        `blank` is not described."""
        shard = chance.choices(self.shards, [len(shard["scenes"]) for shard in self.shards])[0]
        picked = [chance.randrange(len(shard["scenes"])) for _ in range(size)]
        scenes = [shard["scenes"][index] for index in picked]
        texts = ["" if chance.random() < blank else caption(scene, chance) for scene in scenes]
        frames = slice(None) if places is None else places
        return shard["latents"][picked][:, :, frames].float(), shard["cover"][picked][:, frames].float(), scenes, texts


def basis(folder) -> Latents:
    return Latents(**torch.load(folder / "latents.pt"))
