"""Renders the training data and keeps its latents: `python -m starter.data --preset cpu --out FOLDER`.

FOLDER gets latents.pt (the basis), shards of pictures and of clips, and held-out.pt with pixels. What is there is kept, so a
second call resumes where the first stopped. `--part 0/2` and `--part 1/2` make every second shard each, for two processes;
`--only basis` comes before them. starter.continued renders what it needs by itself.
"""
import argparse
import dataclasses
import pathlib
import random
import time

import torch

from starter.latents import BLOCK, fit
from starter.preset import PRESETS
from starter.run import save
from starter.shards import Shards, basis
from world.renderer import render
from world.scene import sample_scenes

SHARD = {"pictures": 1024, "clips": 128}
"""Samples in a shard, half of them mirror images."""
FIRST_SEED = {"pictures": 100_000, "clips": 500_000}
HELD_OUT_SEED, BASIS_SEED = 800_000, 900_000
KINDS = tuple(SHARD)


def coverage(drawn):
    """The share of each latent that shows the first object: [B, T, H / 8, W / 8]."""
    return torch.nn.functional.avg_pool2d(drawn.coverage.float(), BLOCK)


def draw_shard(preset, size, seed, count, pictures, latents, device, batch=16):
    """Latents, scenes and coverage of `count` scenes and of their mirror images."""
    made = sample_scenes(seed, count)
    chance = random.Random(seed + 1)
    encoded, cover, pixels, order = [], [], [], []
    for start in range(0, count, batch):
        part = made[start : start + batch]
        only = [chance.randrange(preset.frames) for _ in part] if pictures else None
        drawn = render(part, preset.frames, preset.rate, *size, device, only)
        pixels.append(drawn.pixels.cpu())
        share = coverage(drawn)
        for flip in (False, True):
            encoded.append(latents.encode(drawn.pixels.flip(3) if flip else drawn.pixels).half().cpu())
            cover.append((share.flip(3) if flip else share).half().cpu())
            order += [scene.mirrored() for scene in part] if flip else part
    return {"latents": torch.cat(encoded), "cover": torch.cat(cover), "scenes": order}, torch.cat(pixels)


class Rendering:
    """The data of a folder, made as far as it is asked for."""

    def __init__(self, preset, folder: pathlib.Path, device):
        self.preset, self.folder, self.device = preset, folder, device
        folder.mkdir(parents=True, exist_ok=True)
        self.shards = {kind: Shards(folder, kind) for kind in KINDS}

    def latents(self):
        """The basis, fitted if there is none."""
        path = self.folder / "latents.pt"
        if not path.exists():
            count = min(16, self.preset.fitted)
            drawn = [render(sample_scenes(BASIS_SEED + i, count), self.preset.frames, self.preset.rate, *self.preset.sizes[0], self.device).pixels
                     for i in range(self.preset.fitted // count)]
            save(path, dataclasses.asdict(fit(drawn, self.preset.channels)))
        return basis(self.folder)

    def held_out(self):
        """What is never trained on, with pixels."""
        path = self.folder / "held-out.pt"
        if not path.exists():
            shard, pixels = draw_shard(
                self.preset, self.preset.sizes[0], HELD_OUT_SEED, self.preset.held_out, False, self.latents(), self.device)
            save(path, {**shard, "pixels": pixels})
        return torch.load(path, weights_only=False)

    def count(self, kind) -> int:
        """The number of shards of the preset."""
        wanted = {"pictures": self.preset.pictures, "clips": self.preset.clips}[kind]
        return -(-wanted // self._samples(kind))

    def draw(self, kind, number):
        """Makes a shard that is not there."""
        path = self.shards[kind].path(number)
        if not path.exists():
            size = self.preset.sizes[number % len(self.preset.sizes)]
            shard, _ = draw_shard(self.preset, size, FIRST_SEED[kind] + 2 * number, self._samples(kind) // 2, kind == "pictures",
                                  self.latents(), self.device)
            save(path, shard)

    def _samples(self, kind):
        """In a shard; of each size of picture there is at least one shard."""
        wanted = {"pictures": self.preset.pictures, "clips": self.preset.clips}[kind]
        return min(SHARD[kind], 2 * -(-wanted // (2 * len(self.preset.sizes))))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--part", default="0/1", help="which share of the shards this process makes, as INDEX/COUNT")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--only", choices=("basis", *KINDS), help="make this alone")
    chosen = parser.parse_args()
    index, parts = map(int, chosen.part.split("/"))
    rendering = Rendering(PRESETS[chosen.preset], chosen.out, chosen.device)
    rendering.latents()
    if chosen.only == "basis":
        return
    started = time.time()
    if index == 0:
        rendering.held_out()
    for kind in KINDS:
        if chosen.only in (None, kind):
            for number in range(index, rendering.count(kind), parts):
                rendering.draw(kind, number)
                print(f"{kind} {number} after {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
