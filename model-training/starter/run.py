"""What the commands of the training share: options, files that are whole or not there, averaged weights."""
import argparse
import contextlib
import os
import pathlib

import torch
from safetensors.torch import load_file

from starter.preset import PRESETS


def options(description: str) -> argparse.ArgumentParser:
    """The options of every command that trains beside starter.continued."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of training in all, over all calls")
    parser.add_argument("--steps", type=int, default=10**9, help="stop after so many, for a trial")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


def save(path: pathlib.Path, value):
    """Writes beside the file and moves into place, so that the file is whole whenever a process or the machine stops."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        torch.save(value, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def begin_with(network: torch.nn.Module, part: pathlib.Path, but: tuple[str, ...] = ()):
    """Takes over the weights of a part of an exported checkpoint, say its `transformer`. Those whose names begin with one of
    `but` may have another shape there; then they stay as they are."""
    [path] = part.glob("*.safetensors")
    weights = {name: value.float() for name, value in load_file(path).items()}
    named = dict(network.named_parameters())
    strange = [name for name, value in weights.items() if name not in named or named[name].shape != value.shape]
    if refused := [name for name in strange if not name.startswith(but or ("\0",))]:
        raise ValueError(f"{path} is of another preset: {refused[0]} is {list(weights[refused[0]].shape)}")
    network.load_state_dict({name: value for name, value in weights.items() if name not in strange}, strict=False)


@contextlib.contextmanager
def averaged(network: torch.nn.Module, average: dict):
    """The network with averaged weights, and then with its own again."""
    own = {name: parameter.detach().clone() for name, parameter in network.named_parameters() if name in average}
    network.load_state_dict(average, strict=False)
    try:
        yield network
    finally:
        network.load_state_dict(own, strict=False)
