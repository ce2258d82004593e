"""Hands a training over to another machine: `python -m starter.interim --preset cpu --state FOLDER` writes, into
model-training/interim, the averaged weights in float16, the basis of the latents and the history of the training in FOLDER. A
training without a state begins with them. The momentum of the optimiser is left out: it is found again in some hundred steps.
"""
import argparse
import dataclasses
import json
import pathlib

import torch
from safetensors.torch import load_file, save_file

from starter.latents import Latents
from starter.preset import PRESETS
from starter.run import save
from starter.shards import basis

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "interim"
WEIGHTS, HISTORY = "weights.safetensors", "history.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--state", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, default=FOLDER)
    chosen = parser.parse_args()
    write(chosen.state / chosen.preset, chosen.to / chosen.preset)


def write(folder: pathlib.Path, to: pathlib.Path):
    """From the folder of a preset's training."""
    state = torch.load(folder / "training.pt", map_location="cpu", weights_only=False)
    tensors = {f"average.{name}": value.half() for name, value in state["average"].items()}
    tensors |= {f"auxiliary.{name}": value.half() for name, value in state["auxiliary"].items()}
    tensors |= {f"latents.{name}": value for name, value in dataclasses.asdict(basis(folder / "data")).items()}
    to.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in tensors.items()}, to / WEIGHTS)
    lines = ",\n".join(json.dumps(line) for line in state["history"])
    (to / HISTORY).write_text(f'{{"samples": {json.dumps(state["samples"])}, "steps": [\n{lines}\n]}}\n')


class Interim:
    """What was handed over."""

    def __init__(self, folder: pathlib.Path):
        self.tensors = {name: value.float() for name, value in load_file(folder / WEIGHTS).items()}
        self.history = json.loads((folder / HISTORY).read_text())

    def _part(self, prefix):
        return {name.removeprefix(prefix): value for name, value in self.tensors.items() if name.startswith(prefix)}

    def keep_basis(self, data: pathlib.Path):
        """The weights are of these latents: a basis that is fitted on another machine may differ."""
        data.mkdir(parents=True, exist_ok=True)
        kept = data / "latents.pt"
        if not kept.exists():
            save(kept, dataclasses.asdict(Latents(**self._part("latents."))))

    def begin(self, training):
        """Gives a new training the weights, and the history that it goes on with."""
        training.model.load_state_dict(self._part("average."), strict=False)
        training.auxiliary.load_state_dict(self._part("auxiliary."))
        training.go_on(self.history["steps"], self.history["samples"])
