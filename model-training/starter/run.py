"""What the commands of the training share: options, files that are whole or not there, averaged weights."""
import argparse
import contextlib
import pathlib

import torch
from safetensors.torch import load_file

from starter.preset import PRESETS


def options(description: str, begins: bool = False) -> argparse.ArgumentParser:
    """The options of every command that trains; `begins` tells whether it can begin with an exported checkpoint."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of training in all, over all calls")
    if begins:
        parser.add_argument("--from", dest="start", type=pathlib.Path, metavar="CHECKPOINT",
                            help="an exported checkpoint of the same preset, to begin with its weights")
    parser.add_argument("--steps", type=int, default=10**9, help="stop after so many, for a trial")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


def save(path: pathlib.Path, value):
    """Writes beside the file and moves into place."""
    partial = path.with_suffix(".partial")
    torch.save(value, partial)
    partial.replace(path)


def begin_with(network: torch.nn.Module, part: pathlib.Path, learnt: tuple[str, ...] = ("",)):
    """Takes over weights whose names begin with one of `learnt` from a part of an exported checkpoint, say its `vae`."""
    [path] = part.glob("*.safetensors")
    weights = {name: value.float() for name, value in load_file(path).items() if name.startswith(learnt)}
    named = dict(network.named_parameters())
    if strange := [name for name, value in weights.items() if name not in named or named[name].shape != value.shape]:
        raise ValueError(f"{path} is of another preset: {strange[0]} is {list(weights[strange[0]].shape)}")
    network.load_state_dict(weights, strict=False)


@contextlib.contextmanager
def averaged(network: torch.nn.Module, average: dict):
    """The network with averaged weights, and then with its own again."""
    own = {name: parameter.detach().clone() for name, parameter in network.named_parameters() if name in average}
    network.load_state_dict(average, strict=False)
    try:
        yield network
    finally:
        network.load_state_dict(own, strict=False)
