"""Held-out scenes and their descriptions. Training uses seeds below 1,000,000."""
import csv
import random

from world.caption import caption
from world.scene import Scene

HELD_OUT, FITTED, VALIDATED, OTHERS = 9_000_000, 9_100_000, 9_200_000, 9_300_000
"""Seeds of the prompts, of what the estimators are fitted on and validated on, and of the frames to compare with."""


def descriptions(chosen: list[Scene]) -> list[str]:
    """Descriptions that leave nothing out, equal for equal scenes."""
    return [caption(scene, random.Random(scene.seed), whole=True) for scene in chosen]


def name(prompt: int, seed: int) -> str:
    """What the clip of a prompt and a seed is called."""
    return f"p{prompt:03d}-s{seed}"


def write_table(path, prompts: list[str], seeds: int, side: int = 0):
    """The table for `patchreel batch`: a row for each prompt and seed; `side` in pixels, 0 for the product's default."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        size = (f"{side}x{side}",) if side else ()
        table.writerow(("name", "prompt", "seed", "size")[: 3 + len(size)])
        for number, prompt in enumerate(prompts):
            for seed in range(seeds):
                table.writerow((name(number, seed), prompt, 1000 * seed + number, *size))
