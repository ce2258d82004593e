"""Transformer pass and VAE decode, ours against diffusers: same weights, inputs, threads and machine, in turns."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import numpy

import measure

# A side that waits for its turn must not spin on the processor that the other one needs.
PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0", "KMP_BLOCKTIME": "0"}


@dataclass(frozen=True)
class Case:
    """A network and the shapes of its inputs; pairs of repetitions to time; the clip whose making it is a part of."""

    name: str
    kind: str
    component: pathlib.Path
    latents: tuple
    text: tuple
    pairs: int
    clip: str = ""
    int8: bool = False
    """Whether our side multiplies 8-bit integers; the reference is in float32 in any case."""

    def write_inputs(self, file):
        random = numpy.random.default_rng(0)
        arrays = {"latents": random.standard_normal(self.latents, dtype=numpy.float32)}
        if self.kind == "dit":
            arrays["text"] = random.standard_normal(self.text, dtype=numpy.float32)
            arrays["timestep"] = numpy.full(self.latents[0], 700, numpy.float32)
        numpy.savez(file, **arrays)


def cases(random):
    """The starter checkpoint in its native format and at 256x256, and random weights of real sizes."""
    native = json.loads((measure.STARTER / "patchreel.json").read_text())
    transformer = json.loads((measure.STARTER / "transformer/config.json").read_text())
    vae = json.loads((measure.STARTER / "vae/config.json").read_text())
    tokens = json.loads((measure.STARTER / "tokenizer/tokenizer_config.json").read_text())["model_max_length"]
    shrink = vae.get("scale_factor_spatial", 8)
    text = (tokens, transformer["text_dim"])
    dit, decoder = measure.STARTER / "transformer", measure.STARTER / "vae"
    found = []
    for frames, width, height, pairs in ((native["frames"], native["width"], native["height"], 41), (33, 256, 256, 15)):
        latents = (
            transformer["in_channels"],
            (frames - 1) // vae.get("scale_factor_temporal", 4) + 1,
            height // shrink,
            width // shrink,
        )
        clip = f"{frames} frames {width}x{height}"
        found += [
            Case(f"starter DiT, {clip}, batch 1", "dit", dit, (1, *latents), (1, *text), pairs, clip),
            Case(f"starter DiT, {clip}, batch 2", "dit", dit, (2, *latents), (2, *text), pairs),
            Case(f"starter VAE decode, {clip}", "vae", decoder, (1, *latents), (), min(pairs, 15), clip),
        ]
    wan = ("dit", random / "transformer", (1, 16, 5, 40, 40), (1, 512, 4096), 9)
    return found + [
        Case("DiT of Wan 2.1 1.3B's width, 2 layers, 2000 tokens, batch 1", *wan),
        Case("the same in `int8`", *wan, int8=True),
        Case("VAE decode of Wan 2.1, 5 frames 128x96", "vae", random / "vae", (1, 16, 2, 12, 16), (), 9),
    ]


class Worker:
    """A process that repeats a network when it is told to, and waits idle between."""

    def __init__(self, command, threads):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **PASSIVE, "OMP_NUM_THREADS": str(threads)},
        )
        self.version = self.line().removeprefix("ready ")

    def line(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} ended with status {self.process.wait()}")
        return line.strip()

    def ask(self, command):
        print(command, file=self.process.stdin, flush=True)
        return self.line()

    def run(self):
        """Seconds of the preparation and of the pass."""
        preparation, network = map(float, self.ask("run").split())
        return preparation, network

    def output(self, file):
        self.ask(f"save {file}")
        with numpy.load(file) as arrays:
            return arrays["output"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def measured(case, threads, pairs, warmups, folder):
    """A row of the table, the versions of both sides, and the medians in seconds of our preparation, pass, and theirs."""
    inputs = folder / "inputs.npz"
    case.write_inputs(inputs)
    kind = case.kind + ("-int8" if case.int8 else "")
    ours = Worker(
        measure.java("StageWorker", kind, case.component, inputs, measure.TARGET / "djl", threads), threads
    )
    script = pathlib.Path(__file__).with_name("reference.py")
    reference = Worker([sys.executable, script, "run", case.kind, case.component, inputs, str(threads)], threads)
    try:
        expected = reference.output(folder / "reference.npz")
        difference = numpy.abs(ours.output(folder / "ours.npz") - expected).max()
        for _ in range(warmups):
            ours.run(), reference.run()
        # A B A B: what slows the machine for a while slows both sides of a pair
        times = [(ours.run(), reference.run()) for _ in range(pairs)]
    finally:
        ours.close()
        reference.close()
    whole = [sum(a) / sum(b) for a, b in times]
    step = [a[1] / sum(b) for a, b in times]
    low, high = measure.quartiles(whole)
    row = [
        case.name,
        threads,
        f"{1000 * measure.median([sum(a) for a, _ in times]):.1f}",
        f"{1000 * measure.median([sum(b) for _, b in times]):.1f}",
        f"**{measure.median(whole):.3f}**",
        f"{low:.3f}–{high:.3f}",
        f"{measure.median(step):.3f}" if case.kind == "dit" else "",
        pairs,
        f"{difference:.1e} of {numpy.abs(expected).max():.2g}",
    ]
    medians = [measure.median(part) for part in zip(*((*a, sum(b)) for a, b in times))]
    return row, (ours.version, reference.version), medians


def clips(parts, steps):
    """Rows for whole clips: the passes of all steps, without guidance, and the decoding."""
    for (clip, threads), medians in parts.items():
        (preparation, step, their_step), (_, decoding, their_decoding) = medians["dit"], medians["vae"]
        ours, theirs = preparation + steps * step + decoding, steps * their_step + their_decoding
        yield [clip, threads, f"{1000 * ours:.0f}", f"{1000 * theirs:.0f}", f"**{ours / theirs:.3f}**"]


def main():
    parser = measure.arguments(__doc__)
    parser.add_argument("--pairs", type=int, help="timed repetitions of each side (default: by the case)")
    parser.add_argument("--warmups", type=int, default=4, help="repetitions of each side before (default: 4)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="numbers of threads (default: 1 2)")
    options = parser.parse_args()
    rows, parts = [], {}
    with tempfile.TemporaryDirectory(prefix="patchreel-benchmark-") as name:
        folder = pathlib.Path(name)
        script = pathlib.Path(__file__).with_name("reference.py")
        subprocess.run([sys.executable, script, "weights", folder / "random"], check=True)
        for case in cases(folder / "random"):
            for threads in options.threads:
                row, versions, medians = measured(case, threads, options.pairs or case.pairs, options.warmups, folder)
                print(*row, sep="  ", flush=True)
                rows.append(row)
                if case.clip:
                    parts.setdefault((case.clip, threads), {})[case.kind] = medians
    steps = json.loads((measure.STARTER / "patchreel.json").read_text())["steps"]
    header = [
        "case", "threads", "ours, ms", "diffusers, ms", "ratio", "quartiles of the ratio", "ratio of a step",
        "pairs", "largest difference",
    ]  # fmt: skip
    measure.write(
        options.results,
        "stages.md",
        "# Stages against diffusers",
        measure.machine(),
        f"Ours: {versions[0]}. Reference: {versions[1]}. float32 on the CPU, where nothing else is said.",
        measure.table(header, rows),
        f"The starter's whole clips, {steps} steps and the decoding, as sums of these medians:",
        measure.table(["clip", "threads", "ours, ms", "diffusers, ms", "ratio"], clips(parts, steps)),
        "A Java and a Python process with the same weights and inputs are alive at the same time and work in turns,"
        f" after {options.warmups} repetitions each to warm up; threads that wait sleep instead of spinning, on both"
        " sides (" + ", ".join(f"`{key}={value}`" for key, value in PASSIVE.items()) + "). Times are medians; the"
        " ratio is the median over the pairs of ours / diffusers: below 1 we are faster. It is for the same work:"
        " diffusers embeds the prompt and computes the positions in every pass. The *ratio of a step* is for what the"
        " sampler runs in every step: here prompt and positions are computed once for a clip. The largest difference"
        " between both outputs stands before the largest value of the reference's.",
    )


if __name__ == "__main__":
    main()
