"""Whether a character looks the same in all shots of a storyboard. See benchmarks/storyboards."""
import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess

import cv2
import numpy as np
import torch

from evaluation.measure import Estimators
from world.scene import COLOURS, SHAPES

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 9_400_000
RATE, SIZE, SIDE = 8, 96, 384
"""Of the model; the side of the clips in pixels."""

SCENES = (
    "{{hero}} {moves} from left to right on grass during the day",
    "{{hero}} stands still on {ground} at sunset",
    "{{hero}} bounces up and down on grass in fog",
    "{{hero}} stands still on {ground} during the day",
)
"""What the four shots show, in words that the model knows."""


def boards(number, transition):
    """Storyboards of one character each; no ground hides a character of its own colour."""
    chance = random.Random(SEED)
    heroes = [(colour, shape) for shape in SHAPES for colour in COLOURS]
    for colour, shape in chance.sample(heroes, number):
        moves = "rolls" if shape == "ball" else "slides"
        ground = "sand" if colour in ("white", "black", "blue", "green") else "snow"
        shots = [{"prompt": text.format(moves=moves, ground=ground), "seconds": 2, "transition": transition} for text in SCENES]
        del shots[-1]["transition"]
        yield colour, shape, {"characters": {"hero": f"{'an' if colour == 'orange' else 'a'} {colour} {shape}"}, "shots": shots}


def make(number, transition, folder):
    """Makes the clips by the patchreel command, in an installation of its own; the table names the storyboards."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["name,storyboard,seed,size"]
    for index, (_, _, board) in enumerate(boards(number, transition)):
        (folder / f"board-{index:02d}.json").write_text(json.dumps(board, indent=1))
        rows.append(f"b{index:02d},board-{index:02d}.json,{1000 + index},{SIDE}x{SIDE}")
    table = folder / "boards.csv"
    table.write_text("\n".join(rows) + "\n")
    if not os.environ.get("PATCHREEL_BUILT"):  # what is there already is run
        subprocess.run(["mvn", "-q", "-B", "-ntp", "-f", ROOT / "pom.xml", "-pl", "cnf", "-am", "-DskipTests", "package"], check=True)
    # kept until all clips are there: the same command continues
    home, assets = folder / "home", folder / "assets"
    env = {**os.environ, "PATCHREEL_HOME": str(home), "PATCHREEL_ASSETS": str(assets)}
    done = subprocess.run([ROOT / "patchreel", "batch", table, "--out", folder], env=env)
    if done.returncode != 0:
        raise SystemExit(f"patchreel batch ended with status {done.returncode}: the same command goes on with the rest")
    for metadata in assets.glob("*/metadata.json"):
        known = json.loads(metadata.read_text())
        (folder / f"seed-{known['sampling']['seed']}.json").write_text(json.dumps(known["shots"]))
    shutil.rmtree(home)
    shutil.rmtree(assets)


def read(file):
    """The frames of a clip in the model's own size, uint8 [T, SIZE, SIZE, 3]."""
    video, frames = cv2.VideoCapture(str(file)), []
    while True:
        there, frame = video.read()
        if not there:
            break
        frames.append(cv2.cvtColor(cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB))
    if not frames:
        raise SystemExit(f"{file} has no frames")
    return np.stack(frames)


def own(shots):
    """The first frame and the one behind the last of each shot, without those that are mixed with other shots."""
    ends = [shot["start"] + shot["frames"] for shot in shots]
    for index, (shot, end) in enumerate(zip(shots, ends)):
        first = max([shot["start"], *ends[:index]])
        behind = min([end, *(later["start"] for later in shots[index + 1 :])])
        yield first, behind


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/storyboards", description=__doc__)
    parser.add_argument("--boards", type=int, default=20)
    parser.add_argument("--transition", choices=("cut", "dissolve", "continue"), default="cut")
    parser.add_argument("--clips", type=pathlib.Path, default=None)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    folder = options.clips or ROOT / "benchmarks/target/storyboards" / options.transition
    if not all((folder / f"seed-{1000 + index}.json").exists() for index in range(options.boards)):
        make(options.boards, options.transition, folder)
    estimators = Estimators.load()
    rows = []
    print("| character | colour | shape |\n| --- | --- | --- |")
    for index, (colour, shape, _) in enumerate(boards(options.boards, options.transition)):
        frames = read(next(folder.glob(f"b{index:02d}.mp4")))
        shots = json.loads((folder / f"seed-{1000 + index}.json").read_text())
        found = []
        for first, behind in own(shots):
            things = estimators.judge(frames[first:behind], RATE).answers["things"]
            # the object of the character's colour, or else the largest
            seen = [thing for thing in things if thing[1] == colour] or things[:1]
            found.append(seen[0] if seen else ("nothing", "nothing"))
        rows.append((colour, shape, found))
        print(f"| {colour} {shape} | {', '.join(c for _, c in found)} | {', '.join(s for s, _ in found)} |")
    asked = [(colour, shape, *thing) for colour, shape, found in rows for thing in found]
    usual = [(max(set(found), key=found.count), thing) for _, _, found in rows for thing in found]
    # of the two attributes and both: as described, and as in most shots of the storyboard
    lines = (
        ("colour", [c == sc for c, s, ss, sc in asked], [most[1] == thing[1] for most, thing in usual]),
        ("shape", [s == ss for c, s, ss, sc in asked], [most[0] == thing[0] for most, thing in usual]),
        ("both", [(s, c) == (ss, sc) for c, s, ss, sc in asked], [most == thing for most, thing in usual]),
    )
    print(f"\n| {len(asked)} shots, {options.transition} | as described | as in most shots of the clip |\n| --- | ---: | ---: |")
    for name, described, same in lines:
        print(f"| {name} | {100 * np.mean(described):.0f} % | {100 * np.mean(same):.0f} % |")


if __name__ == "__main__":
    main()
