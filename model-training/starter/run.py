"""What the commands of the training share: options, files that are whole or not there, averaged weights."""
import argparse
import contextlib
import pathlib

import torch

from starter.preset import PRESETS


def options(description: str) -> argparse.ArgumentParser:
    """The options of every command that trains."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--preset", choices=PRESETS, required=True)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--minutes", type=float, required=True, help="of training in all, over all calls")
    parser.add_argument("--steps", type=int, default=10**9, help="stop after so many, for a trial")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


def save(path: pathlib.Path, value):
    """Writes beside the file and moves into place."""
    partial = path.with_suffix(".partial")
    torch.save(value, partial)
    partial.replace(path)


@contextlib.contextmanager
def averaged(network: torch.nn.Module, average: dict):
    """The network with averaged weights, and then with its own again."""
    own = {name: parameter.detach().clone() for name, parameter in network.named_parameters() if name in average}
    network.load_state_dict(average, strict=False)
    try:
        yield network
    finally:
        network.load_state_dict(own, strict=False)
