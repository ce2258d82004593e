"""The default command as a whole process, and a second generation in a process that is warm."""

import measure

NETWORKS = ("sampling", "decoding")


def main():
    parser = measure.arguments(__doc__)
    parser.add_argument("--runs", type=int, default=5, help="of the command, after one to warm up (default: 5)")
    options = parser.parse_args()

    measure.patchreel(measure.PROMPT)
    runs = [measure.patchreel(measure.PROMPT) for _ in range(options.runs)]
    for run in runs:
        print(f"{run.wall:.2f} s wall, {run.cpu:.2f} s CPU, {measure.mib(run.peak)} MiB", run.timings, flush=True)
    _, warm = measure.generations(2, "default")

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
        "## Stages",
        measure.table(["stage", "command, s", "second generation, s"], stages),
        "*Command*: medians of `timings` in `metadata.json`; encoding includes scaling and the preview images. *Second"
        " generation*: the model alone in a Java process that has generated a clip before, same steps and format; it"
        " drops the frames and stores nothing.",
    )


if __name__ == "__main__":
    main()
