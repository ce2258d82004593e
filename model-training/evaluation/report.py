"""The benchmark's program: generates, measures, writes the page. See benchmarks/starter."""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

import cv2
import matplotlib
import numpy as np
import torch
from PIL import Image, ImageDraw

from evaluation import distribution, fit, prompts, score, truth
from evaluation.measure import Estimators
from evaluation.video import encoded, read
from world.scene import sample_scenes

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
DRIFTS = ("colour drift", "size drift", "flicker")


def generate(descriptions, seeds, side, folder):
    """Makes the clips by the patchreel command, in an installation of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "prompts.csv"
    prompts.write_table(table, descriptions, seeds, side)
    if not os.environ.get("PATCHREEL_BUILT"):  # what is there already is run
        subprocess.run(["mvn", "-q", "-B", "-ntp", "-f", ROOT / "pom.xml", "-pl", "cnf", "-am", "-DskipTests", "package"], check=True)
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "PATCHREEL_HOME": f"{home}/home", "PATCHREEL_ASSETS": f"{home}/assets"}
        done = subprocess.run([ROOT / "patchreel", "batch", table, "--out", folder], env=env)
    if done.returncode != 0:
        raise SystemExit(f"patchreel batch ended with status {done.returncode}")


def evaluate(estimators, clips, rate, chosen, drawn):
    """Answers, scores, and what they would be if the prompts were shuffled; `clips` yields pixels, one for each scene."""
    answers, frames = [], []
    for pixels in clips:
        answers.append(estimators.judge(pixels, rate).answers)
        frames.append(distribution.features(pixels[::4]))
    seen = [score.observable(clip, scene) for clip, scene in zip(drawn, chosen)]
    rows = [score.compare(a, s, o) for a, s, o in zip(answers, chosen, seen)]
    shift = len(chosen) // 2 + 1
    shuffled = [score.compare(answers[(i + shift) % len(chosen)], s, o) for i, (s, o) in enumerate(zip(chosen, seen))]
    fallen = [score.fallen(a, s, o) for a, s, o in zip(answers, chosen, seen)]
    result = {"clips": len(chosen), "unseen": sum(not o["all"] for o in seen), "unpassed": sum(s.place == "behind" and not o["passes"] for s, o in zip(chosen, seen)), "shares": {}, "gravity": {}, "stability": {}}
    for name, target in score.TARGETS.items():
        right, asked = score.share(rows, name)
        by_chance = score.share(shuffled, name)
        result["shares"][name] = {"target": target, "right": right, "asked": asked, "chance": by_chance[0] / max(by_chance[1], 1)}
    for motion in score.RESTITUTION:
        values = [f for f, s in zip(fallen, chosen) if f and s.motion == motion]
        if values:
            result["gravity"][motion] = {
                "clips": len(values), "acceleration": statistics.median(v["acceleration"] for v in values),
                "off": statistics.median(abs(v["acceleration"] - 1) for v in values),
                "restitution": statistics.median(v["restitution"] for v in values),
            }
    for name in DRIFTS:
        values = [a[name] for a in answers if a.get(name) is not None]
        result["stability"][name] = statistics.median(values) if values else None
    return result, answers, rows, fallen, np.concatenate(frames)


def sheet(file, rows, descriptions):
    """A picture with five frames of each clip and its prompt under it."""
    side, parts = 96, []
    for pixels, text in zip(rows, descriptions):
        strip = np.concatenate([cv2.resize(pixels[i], (side, side)) for i in np.linspace(0, len(pixels) - 1, 7).round().astype(int)], 1)
        part = Image.new("RGB", (strip.shape[1], side + 30), "white")
        part.paste(Image.fromarray(strip))
        words, line = text.split(), ""
        lines = []
        for word in words:
            if len(line) + len(word) > 105:
                lines, line = [*lines, line], ""
            line = f"{line} {word}".strip()
        ImageDraw.Draw(part).text((3, side + 2), "\n".join([*lines, line]), fill="black")
        parts.append(np.array(part))
    half = (len(parts) + 1) // 2
    parts += [np.full_like(parts[0], 255)] * (2 * half - len(parts))
    Image.fromarray(np.concatenate([np.concatenate(parts[:half]), np.concatenate(parts[half:])], 1)).save(file, quality=85)


def plot(file, fallen, reference, chosen):
    """The accelerations of the model's clips beside the renderer's."""
    _, axes = plt.subplots(1, 2, figsize=(9, 3.2))
    for axis, key, label in zip(axes, ("acceleration", "restitution"), ("acceleration / the world's", "restitution - the world's")):
        bins = np.linspace(0, 2, 31) if key == "acceleration" else np.linspace(-0.6, 0.6, 31)
        for values, name in ((reference, "renderer"), (fallen, "model")):
            if values is not None:
                axis.hist(np.clip([v[key] for v in values if v], bins[0], bins[-1]), bins, alpha=0.6, label=name)
        axis.set_xlabel(label)
        axis.set_ylabel("clips")
        axis.legend()
    plt.tight_layout()
    plt.savefig(file, dpi=90)
    plt.close()


def percent(value):
    return f"{100 * value:.1f} %"


def page(command, model, renderer, distances):
    """The Markdown; `model` is None where only the estimators were validated."""
    commit = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    lines = ["# What the starter model makes of held-out prompts" if model else "# The estimators on the renderer's own clips", ""]
    lines += [f"`{command}`, commit {commit}. "
              + (f"{model['clips']} clips of the service; " if model else "") + f"{renderer['clips']} clips of the renderer, encoded as H.264. "
              "The ceiling is what the estimators find in the renderer's clips, chance what they find when prompts are shuffled.", "",
              "| attribute | target | measured | clips | reached | ceiling | chance |", "| --- | ---: | ---: | ---: | --- | ---: | ---: |"]
    for name, top in renderer["shares"].items():
        ceiling = top["right"] / max(top["asked"], 1)
        low = (model or renderer)["shares"][name]
        found = low["right"] / max(low["asked"], 1)
        reached = "" if not model or top["target"] is None or not low["asked"] else ("yes" if found >= top["target"] else "**no**")
        lines.append(f"| {name} | {'' if top['target'] is None else percent(top['target'])} | {percent(found) if model and low['asked'] else ''} | {low['right']} of {low['asked']} | {reached} | {percent(ceiling)} | {percent(low['chance'])} |")
    lines += ["", f"Not asked for is what cannot be seen in the renderer's own clip of the scene (score.observable): objects in {(model or renderer)['unseen']} clips, passing in {(model or renderer)['unpassed']}. "
              "Tables of colours and discriminants are fitted on rendered clips of other seeds; `--fit` does it again.", "",
              "| gravity | clips | acceleration, of the world's | median error, target 15 % | restitution less the world's | renderer: acceleration | error | restitution |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for motion, top in renderer["gravity"].items():
        own = model and model["gravity"].get(motion)
        lines.append(f"| {motion} | {own['clips'] if own else 0} | " + (f"{own['acceleration']:.2f} | {percent(own['off'])} | {own['restitution']:+.2f}" if own else " | | ") + f" | {top['acceleration']:.2f} | {percent(top['off'])} | {top['restitution']:+.2f} |")
    lines += ["", "| median of | renderer | model | ratio, target below 2 |", "| --- | ---: | ---: | ---: |"]
    for name in DRIFTS:
        own, top = model and model["stability"][name], renderer["stability"][name]
        lines.append(f"| {name} | {top:.4g} | " + (f"{own:.4g} | {own / max(top, 1e-9):.2f} |" if own is not None else " | |"))
    lines += ["", "Fréchet distance of the frames to other clips of the renderer (distribution.py): " + ", ".join(f"{k} {v:.4f}" for k, v in distances.items()) + ".", ""]
    if model:
        lines += ["![clips](starter-clips.jpg)", ""]
    return "\n".join([*lines, "![gravity](starter-gravity.png)" if model else "![gravity](starter-validation-gravity.png)", ""])


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/starter", description=__doc__)
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--clips", type=pathlib.Path, default=ROOT / "benchmarks/target/starter")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "benchmarks/results")
    parser.add_argument("--frames", type=int, default=17)
    parser.add_argument("--rate", type=float, default=8)
    parser.add_argument("--size", type=int, default=96, help="of the model, in pixels; clips are scaled to it")
    parser.add_argument("--encoded-size", type=int, default=0, help="of all clips while they are a video, in pixels; 0: the product's default")
    parser.add_argument("--validate", action="store_true")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    if options.fit:
        fit.fit().save()
    estimators, kind = Estimators.load(), (options.frames, options.rate, options.size)
    chosen = sample_scenes(prompts.VALIDATED if options.validate else prompts.HELD_OUT, options.prompts)
    said, drawn = prompts.descriptions(chosen), truth.render(chosen, *kind)
    options.results.mkdir(parents=True, exist_ok=True)
    command = f"benchmarks/starter --prompts {options.prompts}" + (" --validate" if options.validate else f" --seeds {options.seeds}")
    command += f" --encoded-size {options.encoded_size}" if options.encoded_size else ""
    side, model = options.encoded_size or 768, None
    if not options.validate:
        files = [options.clips / prompts.name(n, s) for s in range(options.seeds) for n in range(len(chosen))]
        files = [find(options.clips, file.name) for file in files]
        if not all(files):
            generate(said, options.seeds, options.encoded_size, options.clips)
            files = [find(options.clips, prompts.name(n, s)) for s in range(options.seeds) for n in range(len(chosen))]
        video = cv2.VideoCapture(str(files[0]))
        side = options.encoded_size or int(video.get(cv2.CAP_PROP_FRAME_WIDTH))
        again = options.seeds
        model, answers, rows, fallen, frames = evaluate(estimators, (read(f, options.size) for f in files), options.rate, chosen * again, drawn * again)
    top = evaluate(estimators, encoded([c.pixels for c in drawn], options.rate, side), options.rate, chosen, drawn)
    others = truth.render(sample_scenes(prompts.OTHERS, len(chosen)), *kind)
    far = np.concatenate([distribution.features(pixels[::4]) for pixels in encoded([c.pixels for c in others], options.rate, side)])
    renderer = top[0]
    distances = {"renderer": distribution.distance(top[4], far)}
    if model:
        distances = {"model": distribution.distance(frames, far), **distances}
        sheet(options.results / "starter-clips.jpg", [read(f, options.size) for f in files[:24]], said[:24])
        plot(options.results / "starter-gravity.png", fallen, top[3], chosen)
        clips = [{"clip": f"{prompts.name(i % len(chosen), i // len(chosen))}", "prompt": said[i % len(chosen)], "right": r} for i, r in enumerate(rows)]
    else:
        plot(options.results / "starter-validation-gravity.png", None, top[3], chosen)
        clips = [{"prompt": t, "right": r} for t, r in zip(said, top[2])]
    name = "starter" if model else "starter-validation"
    (options.results / f"{name}.md").write_text(page(command, model, renderer, distances))
    (options.results / f"{name}.json").write_text(json.dumps({"model": model, "renderer": renderer, "distances": distances, "clips": clips}, indent=1, default=lambda v: v.item()))
    print(page(command, model, renderer, distances))


def find(folder, name):
    """The clip of that name, or None."""
    return next((file for file in (folder / f"{name}.mp4", folder / name / "clip.mp4") if file.exists()), None)


if __name__ == "__main__":
    main()
