"""Resident memory over many generations in one process, and over the length of a clip."""

import pathlib
import tempfile

import measure
import narrow

FRAME_RATE = 8
FRAMES = (17, 81, 321)

# 5 s, 20 s and a minute, in more pixels than the starter makes
LARGE = {"width": 1280, "height": 704, "frames": 17, "frame_rate": 24, "steps": 1}
LARGE_FRAMES = (121, 481, 1441)


def plot(kib, target):
    # Imported late: a child begins with the peak of the process it was forked from.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.5), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(kib) + 1), [value / 1024 for value in kib], marker="o")
    axes.set(xlabel="generation", ylabel="resident memory, MiB", ylim=(0, 1.2 * max(kib) / 1024))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.grid(alpha=0.3)
    figure.savefig(target, dpi=150)


def frames(results):
    # Builds the app and unpacks the native libraries where that was not done yet.
    measure.patchreel(measure.PROMPT, "--steps", 1)
    rows = []
    for count in FRAMES:
        run = measure.patchreel(
            measure.PROMPT, "--steps", 2, "--seconds", count / FRAME_RATE, "--fps", FRAME_RATE, "--seed", 1
        )
        if run.asset["frames"] != count:
            raise SystemExit(f"asked for {count} frames, the clip has {run.asset['frames']}")
        row = [count, f"{count / FRAME_RATE:.3f}", measure.mib(run.peak), f"{run.wall:.1f}"]
        print(*row, sep="  ", flush=True)
        rows.append(row)
    measure.write(
        results,
        "memory-frames.md",
        "# Peak resident memory and the length of the clip",
        measure.machine(),
        measure.table(["frames", "length, s", "peak resident memory, MiB", "wall time, s"], rows),
        f"The whole command `./patchreel generate \"{measure.PROMPT}\" --steps 2 --seconds LENGTH --fps {FRAME_RATE}"
        " --seed 1 --json`, once each. The peak is `ru_maxrss` of wait4.",
    )


def large(results):
    rows = []
    with tempfile.TemporaryDirectory(prefix="patchreel-benchmark-") as name:
        home = pathlib.Path(name)
        narrow.write(home / "checkpoint", **LARGE)
        (home / "conf").mkdir()
        (home / "conf/org.patchreel.model-narrow.cfg").write_text(
            f"name = narrow\ndirectory = {home / 'checkpoint'}\nlicense.acknowledged.by = nobody needs to\n"
        )
        # what the narrow checkpoint makes is hardly more than one colour
        (home / "conf/org.patchreel.policy.frames.cfg").write_text("broken = off\n")
        measure.patchreel(measure.PROMPT, "--steps", 1, home=home)  # unpacks the native libraries
        for count in LARGE_FRAMES:
            run = measure.patchreel(measure.PROMPT, "--model", "narrow", "--frames", count, "--seed", 1, home=home)
            seconds = count / LARGE["frame_rate"]
            row = [count, f"{seconds:.3f}", measure.mib(run.peak), f"{run.wall:.0f}", f"{run.cpu:.0f}"]
            print(*row, sep="  ", flush=True)
            rows.append(row)
    measure.write(
        results,
        "memory-large.md",
        "# Peak resident memory of clips of 1280x704",
        measure.machine(),
        measure.table(["frames", "length, s", "peak resident memory, MiB", "wall time, s", "CPU time, s"], rows),
        f'`benchmarks/run memory --large`: the whole command `./patchreel generate "{measure.PROMPT}" --model narrow'
        " --frames FRAMES --seed 1 --json`, once each, with a checkpoint that is cut out of the starter's"
        f" ([narrow.py](../narrow.py)): one block, an eighth of the width, clips of {LARGE['width']}x{LARGE['height']} at"
        f" {LARGE['frame_rate']} frames a second, in windows of {LARGE['frames']}. The peak is `ru_maxrss` of wait4.",
    )


def generations(results, count, steps):
    kib = []
    for generation in measure.generations(count, steps):
        kib.append(generation["rssKiB"])
        print(len(kib), measure.mib(kib[-1]), flush=True)
    rows = [[number, measure.mib(value)] for number, value in enumerate(kib, 1)]
    results.mkdir(parents=True, exist_ok=True)
    plot(kib, results / "memory-generations.png")
    half = kib[len(kib) // 2 :]
    measure.write(
        results,
        "memory-generations.md",
        "# Resident memory over generations",
        measure.machine(),
        f"{count} generations of the starter checkpoint in its native format, {steps} steps each, in one Java process;"
        " resident memory (`VmRSS`) after each, after a garbage collection. In the second half it changes by"
        f" {(half[-1] - half[0]) / 1024:+.1f} MiB from first to last.",
        "![Resident memory after each generation](memory-generations.png)",
        measure.table(["generation", "resident memory, MiB"], rows),
    )


def main():
    parser = measure.arguments(__doc__)
    parser.add_argument("--generations", type=int, default=20, help="in one process (default: 20)")
    parser.add_argument("--steps", type=int, default=4, help="of each of these (default: 4)")
    parser.add_argument(
        "--large", action="store_true", help="clips of 1280x704 of up to a minute, and nothing else: half an hour"
    )
    options = parser.parse_args()
    if options.large:
        large(options.results)
        return
    frames(options.results)
    generations(options.results, options.generations, options.steps)


if __name__ == "__main__":
    main()
