"""What the benchmarks share: where things are, processes and what they use, statistics, Markdown."""

import argparse
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent
TARGET = ROOT / "benchmarks/target"
STARTER = ROOT / "models/starter/checkpoint"
PROMPT = "a red ball rolls from left to right past a tree at sunset"


def arguments(description):
    """A parser with the option that all programs have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--results", type=pathlib.Path, default=ROOT / "benchmarks/results", help="folder to write to"
    )
    return parser


def java(program, *args):
    """The command line of a Java program of this folder, with the options of the patchreel command."""
    classpath = f"{TARGET / 'classes'}:{(TARGET / 'classpath').read_text().strip()}"
    options = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"
    return ["java", *options, quiet, "-cp", classpath, f"org.patchreel.benchmarks.{program}", *map(str, args)]


def generations(count, steps, prompt=PROMPT):
    """Generates clips in one Java process, and gives what the program Generations says of each."""
    command = java("Generations", STARTER, TARGET / "djl", count, steps, prompt)
    env = {  # as the patchreel command has them
        "GOMP_SPINCOUNT": "20000",
        "MALLOC_MMAP_THRESHOLD_": "16777216",
        "MALLOC_TRIM_THRESHOLD_": "67108864",
        **os.environ,
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        raise SystemExit(f"Generations ended with status {process.returncode}")


@dataclass(frozen=True)
class Run:
    """A finished patchreel command. Seconds, and the peak of resident memory in KiB."""

    wall: float
    cpu: float
    peak: int
    asset: dict
    timings: dict


def patchreel(*args, home=None):
    """Runs ./patchreel generate as a whole process, with clips in a folder that is deleted again,
    with `home` in place of the checkout's .patchreel.

    wait4 counts what the shell script and all that it becomes or starts use; its peak is that of the largest process.
    """
    assets = tempfile.mkdtemp(prefix="patchreel-benchmark-")
    try:
        with tempfile.TemporaryFile("w+") as out:
            start = time.perf_counter()
            process = subprocess.Popen(
                [ROOT / "patchreel", "generate", *map(str, args), "--json"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                env={**os.environ, "PATCHREEL_ASSETS": assets, **({"PATCHREEL_HOME": str(home)} if home else {})},
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            printed = out.read()
        if process.returncode != 0:
            raise SystemExit(f"patchreel generate ended with status {process.returncode}")
        asset = json.loads(printed)
        metadata = json.loads(pathlib.Path(asset["file"]).with_name("metadata.json").read_text())
    finally:
        shutil.rmtree(assets, ignore_errors=True)
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, asset, metadata["timings"])


def median(values):
    return statistics.median(values)


def quartiles(values):
    """First and third quartile; of fewer than four values the least and the greatest."""
    if len(values) < 4:
        return min(values), max(values)
    first, _, third = statistics.quantiles(values, method="inclusive")
    return first, third


def mib(kib):
    return f"{kib / 1024:.0f}"


def table(header, rows):
    """A Markdown table; cells of all columns but the first are aligned to the right."""
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def git(*args):
    return subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def machine():
    """One line about where and of what the numbers were taken."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    version = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr.splitlines()[0]
    commit = "commit " + git("rev-parse", "--short", "HEAD")
    # The pages that the benchmarks write are no change of what they measure.
    if git("status", "--porcelain", "--untracked-files=no", "--", ".", ":(exclude)benchmarks/results"):
        commit += " with changes"
    day = time.strftime("%Y-%m-%d", time.gmtime())
    return f"{day}, {commit}; {cpu}, {os.cpu_count()} processors, {memory:.0f} GiB; {version}."


def write(results, name, *paragraphs):
    """Writes a results page, complete or not at all, and says where it is."""
    results.mkdir(parents=True, exist_ok=True)
    target = results / name
    draft = target.with_suffix(".new")
    draft.write_text("\n\n".join(paragraphs) + "\n")
    draft.replace(target)
    print(f"wrote {target}")
