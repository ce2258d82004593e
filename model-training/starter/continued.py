"""Trains the starter on from where it is; see model-training/continue."""
import argparse
import json
import os
import pathlib
import signal
import sys
import time

import torch

from starter import interim
from starter.preset import PRESETS
from starter.run import averaged
from starter.sheet import losses, sheet
from starter.training import Training

CHECKPOINT = pathlib.Path(__file__).resolve().parents[2] / "models" / "starter" / "checkpoint"
SAVED = 60
"""Seconds between two states on the disk: what is lost when the process is killed."""
VALIDATED, DRAWN = 100, 800
"""Steps between two measurements of the held-out loss, and between two sheets of pictures."""
SAMPLES = (
    "a red ball rolls from left to right past a tree at sunset",
    "a blue cube slides from right to left on snow during the day",
    "a yellow cone spins on grass during the day, static camera",
    "a green ball bounces on the beach at night",
    "a purple cylinder falls from the sky on the road during the day",
    "an orange ball rolls from left to right behind a wall on grass in fog",
    "a white cone stands still next to an arch at sunset, the camera zooms out",
    "a black ball is thrown from right to left on sand in daylight",
)


def main():
    parser = argparse.ArgumentParser(prog="continue", description=__doc__)
    parser.add_argument("--minutes", type=float, required=True, help="of this call")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--preset", choices=PRESETS, default="cpu")
    parser.add_argument("--state", type=pathlib.Path, default=_folder(), help="where state and data lie; default: $PATCHREEL_TRAINING, "
                        "or patchreel-training in $XDG_DATA_HOME or ~/.local/share")
    parser.add_argument("--from", dest="start", type=pathlib.Path, metavar="CHECKPOINT",
                        help="whose weights to begin with where there is no state; default: what was handed over in "
                        "model-training/interim, else the one that is shipped")
    parser.add_argument("--decay", action="store_true", help="lower the rate to nothing within the minutes, and leave the result "
                        "in decayed.pt for starter.export; the state stays what it was")
    parser.add_argument("--steps", type=int, default=10**9, help="stop after this number of steps, for a trial")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    _give_way()
    folder = chosen.state / chosen.preset
    folder.mkdir(parents=True, exist_ok=True)
    Run(chosen, folder).run()


def _folder():
    if "PATCHREEL_TRAINING" in os.environ:
        return pathlib.Path(os.environ["PATCHREEL_TRAINING"])
    return pathlib.Path(os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share") / "patchreel-training"


def _give_way():
    """Lets every other process go first. Linux divides its processors among sessions before it looks at priorities within one
    (sched(7), autogroup), so a session of its own needs the lowest priority, too."""
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    group = pathlib.Path("/proc/self/autogroup")
    if group.exists() and os.getsid(0) == os.getpid():
        group.write_text("19")


class Run:
    def __init__(self, chosen, folder):
        self.chosen, self.folder, self.stopped = chosen, folder, False
        state, handed = folder / "training.pt", interim.FOLDER / chosen.preset
        handed_over = None
        if chosen.start is None and not state.exists() and handed.exists():
            handed_over = interim.Interim(handed)
            handed_over.keep_basis(folder / "data")
        self.training = Training(PRESETS[chosen.preset], folder / "data", chosen.device)
        self.latents = self.training.rendering.latents()
        self.training.rendering.held_out()
        start = chosen.start or CHECKPOINT
        if state.exists():
            self.training.load(state)
        elif handed_over:
            handed_over.begin(self.training)
        elif (start / "transformer").exists() and chosen.preset == "cpu":
            self.training.begin(start)
        self.path = folder / "decayed.pt" if chosen.decay else state
        self.sums, self.since = {}, None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, *_):
        self.stopped = True

    def run(self):
        training, chosen = self.training, self.chosen
        begun, until = time.time(), training.step + chosen.steps
        end = begun + 60 * chosen.minutes
        self._mark()
        while not self.stopped and training.step < until and time.time() < end:
            share = max(0.0, (end - time.time()) / (end - begun)) if chosen.decay else 1.0
            for name, loss in training.advance(share).items():
                self.sums.setdefault(name, []).append(loss)
            if training.step % DRAWN == 0:
                self.draw()
            if time.time() - self.since["time"] >= SAVED:
                self.keep()
        self.keep()
        if not self.stopped:  # who asks to end does not want to wait for pictures
            self.draw()

    def _mark(self):
        self.since = {"time": time.time(), "processor": time.process_time(), "samples": sum(self.training.samples.values())}

    def keep(self):
        """A line of the history, and the state on the disk."""
        training, last = self.training, (self.training.history or [{}])[-1]
        if self.sums:
            seconds, processor = time.time() - self.since["time"], time.process_time() - self.since["processor"]
            samples = sum(training.samples.values())
            line = {
                "step": training.step, "samples": samples, "minutes": round(last.get("minutes", 0) + seconds / 60, 3),
                "processor minutes": round(last.get("processor minutes", 0) + processor / 60, 3),
                "samples a processor second": round((samples - self.since["samples"]) / max(processor, 1e-9), 2),
                **{name: round(sum(values) / len(values), 4) for name, values in self.sums.items()},
            }
            if training.step // VALIDATED > last.get("step", 0) // VALIDATED:
                with averaged(training.model, training.average):
                    line["held out"] = round(training.validate(), 4)
            training.history.append(line)
            print(json.dumps(line), flush=True)
            self.sums = {}
        training.save(self.path)
        losses(training.history, self.folder / "loss.png")
        self._mark()

    def draw(self):
        """A sheet of eight prompts, decoded by the linear basis, with the averaged weights."""
        preset = self.training.preset
        rows, columns = (side // 8 for side in preset.sizes[0])
        with averaged(self.training.model, self.training.average) as model:
            clips = model.sample(SAMPLES[: preset.batch], 12, 3.0, preset.frames, rows, columns)
        sheet(self.latents.decode(clips.cpu()), self.folder / f"sheet-{self.training.step:07d}.png")


if __name__ == "__main__":
    sys.exit(main())
