"""Renders the training data and keeps its latents: `python -m starter.data --preset cpu --out FOLDER`.

FOLDER gets latents.pt (the basis), shards of pictures and of clips, and held-out.pt with pixels. What is there is kept, so a
second call goes on where the first was stopped. `--part 0/2` and `--part 1/2` make every second shard each, for two processes;
`--only basis` comes before them.
"""
import argparse
import dataclasses
import pathlib
import random
import time

import torch

from starter.latents import GROUP, fit
from starter.preset import PRESETS
from starter.run import save
from starter.shards import basis
from world.renderer import render
from world.scene import sample_scenes

SHARD = {"pictures": 1280, "clips": 320}
FIRST_SEED = {"pictures": 100_000, "clips": 500_000}
HELD_OUT_SEED, BASIS_SEED = 800_000, 900_000
TOKEN = 16
"""Side in pixels of what a token of the transformer sees; it sees four frames, too."""


def coverage(drawn):
    """The share of each token that shows the first object: [B, F, H / 16, W / 16]."""
    cover = drawn.coverage.float()
    cover = torch.cat([cover[:, :1].expand(-1, GROUP - 1, -1, -1), cover], 1)
    return torch.nn.functional.avg_pool3d(cover.unsqueeze(1), (GROUP, TOKEN, TOKEN)).squeeze(1)


def draw_shard(preset, size, seed, count, pictures, latents, device, batch=16):
    """Latents, scenes and coverage of `count` scenes and of their mirror images."""
    made = sample_scenes(seed, count)
    chance = random.Random(seed + 1)
    encoded, cover, pixels = [], [], []
    for start in range(0, count, batch):
        part = made[start : start + batch]
        only = [chance.randrange(preset.frames) for _ in part] if pictures else None
        drawn = render(part, preset.frames, preset.rate, *size, device, only)
        pixels.append(drawn.pixels.cpu())
        for flip in (False, True):
            image = drawn.pixels.flip(3) if flip else drawn.pixels
            encoded.append(latents.encode(image).half().cpu())
            share = coverage(drawn)
            cover.append((share.flip(3) if flip else share).half().cpu())
    order = [scene for start in range(0, count, batch) for scene in
             made[start : start + batch] + [s.mirrored() for s in made[start : start + batch]]]
    return {"latents": torch.cat(encoded), "cover": torch.cat(cover), "scenes": order}, torch.cat(pixels)


def fitted(preset, folder, device):
    """The basis of the folder, fitted if there is none."""
    path = folder / "latents.pt"
    if not path.exists():
        count = min(16, preset.fitted)
        drawn = (render(sample_scenes(BASIS_SEED + i, count), preset.frames, preset.rate, *preset.sizes[0], device).pixels
                 for i in range(preset.fitted // count))
        save(path, dataclasses.asdict(fit(drawn, preset.channels)))
    return basis(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--part", default="0/1", help="which share of the shards this process makes, as INDEX/COUNT")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--only", choices=("basis", "pictures", "clips"), help="make this alone")
    chosen = parser.parse_args()
    preset = PRESETS[chosen.preset]
    index, parts = map(int, chosen.part.split("/"))
    folder = chosen.out
    folder.mkdir(parents=True, exist_ok=True)
    latents = fitted(preset, folder, chosen.device)
    if chosen.only == "basis":
        return
    started = time.time()
    if index == 0 and not (folder / "held-out.pt").exists():
        shard, pixels = draw_shard(preset, preset.sizes[0], HELD_OUT_SEED, preset.held_out, False, latents, chosen.device)
        save(folder / "held-out.pt", {**shard, "pixels": pixels})
    for kind, count in (("pictures", preset.pictures), ("clips", preset.clips)):
        if chosen.only not in (None, kind):
            continue
        per_shard = min(SHARD[kind], -(-count // len(preset.sizes)))
        for number in range(index, -(-count // per_shard), parts):
            path = folder / f"{kind}-{number:04d}.pt"
            if path.exists():
                continue
            size = preset.sizes[number % len(preset.sizes)]
            shard, pixels = draw_shard(preset, size, FIRST_SEED[kind] + 2 * number, per_shard, kind == "pictures", latents, chosen.device)
            save(path, shard)
            if kind == "clips":
                save(folder / f"pixels-{number:04d}.pt", pixels)
            print(f"{path.name} after {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
