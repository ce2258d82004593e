"""The diffusers side of the stage benchmark.

    reference.py weights DIR                              writes networks with random weights
    reference.py run dit|vae COMPONENT INPUTS THREADS     the counterpart of the Java program StageWorker
"""

import json
import os
import pathlib
import sys
import time

if "DIFFUSERS_SRC" in os.environ:
    sys.path.insert(0, os.environ["DIFFUSERS_SRC"])

import diffusers
import numpy
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from safetensors.torch import load_file, save_file

WEIGHTS = "diffusion_pytorch_model.safetensors"


def write_weights(directory):
    """The width of Wan 2.1 1.3B with 2 of its 30 layers, and the VAE of Wan 2.1, in the diffusers layout."""
    torch.manual_seed(0)
    transformer = WanTransformer3DModel(
        num_layers=2, num_attention_heads=12, attention_head_dim=128, ffn_dim=8960, text_dim=4096
    )
    for name, model in (("transformer", transformer), ("vae", AutoencoderKLWan())):
        component = directory / name
        component.mkdir(parents=True)
        model.save_config(component)
        save_file({key: value.contiguous() for key, value in model.state_dict().items()}, component / WEIGHTS)


def load(kind, component):
    config = json.loads((component / "config.json").read_text())
    model = (WanTransformer3DModel if kind == "dit" else AutoencoderKLWan).from_config(config).float()
    model.load_state_dict({name: value.float() for name, value in load_file(component / WEIGHTS).items()})
    return model.eval()


def denoising(transformer, inputs):
    def run():
        return transformer(inputs["latents"], inputs["timestep"], inputs["text"], return_dict=False)[0]

    return run


def decoding(vae, inputs):
    mean = torch.tensor(vae.config.latents_mean).view(1, -1, 1, 1, 1)
    std = torch.tensor(vae.config.latents_std).view(1, -1, 1, 1, 1)

    def run():
        return vae.decode(inputs["latents"] * std + mean, return_dict=False)[0]

    return run


def work(kind, component, inputs):
    with numpy.load(inputs) as arrays:
        tensors = {name: torch.from_numpy(arrays[name]) for name in arrays.files}
    run = (denoising if kind == "dit" else decoding)(load(kind, component), tensors)
    print(f"ready PyTorch {torch.__version__}, diffusers {diffusers.__version__}", flush=True)
    for command in sys.stdin:
        action, _, target = command.strip().partition(" ")
        if action == "save":
            numpy.savez(target, output=run().numpy())
            print("saved", flush=True)
        else:
            start = time.perf_counter()
            run()
            # All of it is one call here: there is no preparation of its own.
            print(0.0, time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "weights":
        write_weights(pathlib.Path(sys.argv[2]))
    else:
        torch.set_num_threads(int(sys.argv[5]))
        with torch.inference_mode():
            work(sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4])
