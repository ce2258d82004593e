"""How far the time that --dry-run tells is from the device seconds that the clip then takes.

    benchmarks/estimates.py [--rounds N]

Makes clips of three shapes in turns with ./patchreel, each in a process of its own, and asks before each what it would take. Nothing
else should run on the machine. The app must have been built. Prints a table in Markdown.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHAPES = {
    "768x768, 17 frames, 8 steps": [],
    "96x96, 17 frames, 40 steps": ["--size", "96x96", "--steps", "40"],
    "384x384, 49 frames in windows": ["--size", "384x384", "--frames", "49"],
}


def patchreel(home, *words):
    environment = dict(os.environ, PATCHREEL_HOME=str(home), PATCHREEL_ASSETS=str(home / "assets"))
    done = subprocess.run([ROOT / "patchreel", *words, "--json"], env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    pairs = {name: [] for name in SHAPES}
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        # the first start unpacks the libraries, and the first clip checks them
        patchreel(home, "generate", "a red ball", "--model", "starter", "--size", "64x64", "--steps", "1")
        for number in range(rounds):
            for name, options in SHAPES.items():
                words = ["generate", "a red ball rolls past a tree", "--seed", str(number), *options]
                estimate = patchreel(home, *words, "--dry-run").get("estimatedSeconds")
                clip = patchreel(home, *words)
                used = patchreel(home, "show", clip["id"])["deviceSeconds"]
                if number > 0:
                    pairs[name].append((estimate, used))
    print("| shape | clips | device seconds, median (range) | error of the estimate, median | largest | within 15 % |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, measured in pairs.items():
        errors = [abs(estimate - used) / used for estimate, used in measured]
        seconds = [used for _, used in measured]
        print(
            f"| {name} | {len(errors)} | {statistics.median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f}) "
            f"| {statistics.median(errors):.1%} | {max(errors):.1%} | {sum(error <= 0.15 for error in errors)} |"
        )


if __name__ == "__main__":
    main()
