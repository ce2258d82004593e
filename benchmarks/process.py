"""The default command as a whole process, a second generation in a process that is warm, and a clip of 256x256."""

import json
import pathlib
import shutil
import tempfile

import measure

NETWORKS = ("sampling", "decoding")


LARGE = {"width": 256, "height": 256, "frames": 33, "frame_rate": 12}


def large(count):
    """Runs of the command with a copy of the starter checkpoint that names LARGE as its native format."""
    with tempfile.TemporaryDirectory(prefix="patchreel-benchmark-") as name:
        home = pathlib.Path(name)
        checkpoint = home / "checkpoint"
        shutil.copytree(measure.STARTER, checkpoint)
        settings = json.loads((checkpoint / "patchreel.json").read_text())
        (checkpoint / "patchreel.json").write_text(json.dumps({**settings, **LARGE}))
        (home / "conf").mkdir()
        (home / "conf/org.patchreel.model-large.cfg").write_text(f"name = large\ndirectory = {checkpoint}\n")
        runs = [measure.patchreel(measure.PROMPT, "--model", "large", home=home) for _ in range(count + 1)]
    return runs[1:]


def main():
    parser = measure.arguments(__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of the command, after one to warm up (default: 5)")
    options = parser.parse_args()

    measure.patchreel(measure.PROMPT)
    runs = [measure.patchreel(measure.PROMPT) for _ in range(options.runs)]
    for run in runs:
        print(f"{run.wall:.2f} s wall, {run.cpu:.2f} s CPU, {measure.mib(run.peak)} MiB", run.timings, flush=True)
    _, warm = measure.generations(2, "default")
    large_runs = large(min(3, options.runs))

    def row(label, values, form):
        low, high = min(values), max(values)
        return [label, form(measure.median(values)), f"{form(low)}–{form(high)}"]

    def seconds(value):
        return f"{value:.2f}"

    def percent(value):
        return f"{100 * value:.1f} %"

    def networks(run):
        return sum(run.timings[stage] for stage in NETWORKS)

    process = [
        row("wall time, s", [run.wall for run in runs], seconds),
        row("CPU time, user and system, s", [run.cpu for run in runs], seconds),
        row("peak resident memory, MiB", [run.peak for run in runs], measure.mib),
        row("share of the job that is not loading, sampling or decoding: prompt, encoding, storing",
            [1 - (networks(run) + run.timings["loading"]) / sum(run.timings.values()) for run in runs], percent),
    ]  # fmt: skip
    sized = [
        row("wall time, s", [run.wall for run in large_runs], seconds),
        row("sampling, s", [run.timings["sampling"] for run in large_runs], seconds),
        row("decoding, s", [run.timings["decoding"] for run in large_runs], seconds),
        row("peak resident memory, MiB", [run.peak for run in large_runs], measure.mib),
    ]
    stages = [
        [
            stage,
            seconds(measure.median([run.timings[stage] for run in runs])),
            seconds(warm["seconds"][stage]) if stage in warm["seconds"] else "",
        ]
        for stage in runs[0].timings
    ]
    stages.append(
        [
            "**all stages**",
            seconds(measure.median([sum(run.timings.values()) for run in runs])),
            seconds(sum(warm["seconds"].values())),
        ]
    )
    measure.write(
        options.results,
        "process.md",
        "# The default command as a whole process",
        measure.machine(),
        f"`./patchreel generate \"{measure.PROMPT}\"`, {options.runs} runs from the shell after one that built the app"
        " and unpacked the native libraries.",
        measure.table(["", "median", "range"], process),
        "## 33 frames at 256x256",
        f"The same command, {len(large_runs)} runs after one, with a copy of the starter checkpoint whose native format"
        " is 256x256, 33 frames at 12 a second.",
        measure.table(["", "median", "range"], sized),
        "## Stages",
        measure.table(["stage", "command, s", "second generation, s"], stages),
        "*Command*: medians of `timings` in `metadata.json`; encoding includes scaling and the preview images. *Second"
        " generation*: the model alone in a Java process that has generated a clip before, same steps and format; it"
        " drops the frames and stores nothing.",
    )


if __name__ == "__main__":
    main()
