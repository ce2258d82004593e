"""The networks as the Java runtime gives them to libtorch, run by Python's PyTorch beside diffusers with the same weights: what each
device computes, how fast, in how much memory. Of the large models two layers with random weights.

    benchmarks/run networks [--device cpu|cuda] [--share N] [--case TEXT] [--peak TFLOPS] [--results DIR]

On a CPU the pictures of the large cases have a sixteenth of their tokens, unless --share says otherwise."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

if "DIFFUSERS_SRC" in os.environ:
    sys.path.insert(0, os.environ["DIFFUSERS_SRC"])

import diffusers
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from safetensors.torch import load_file
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import measure

KEPT = ("time_embedder", "scale_shift_table", "norm1.", "norm2.", "norm3.")
"""Parts of names whose weights stay in float32, as in diffusers and in the Java runtime."""
BACKENDS = {
    "flash": SDPBackend.FLASH_ATTENTION,
    "memory-efficient": SDPBackend.EFFICIENT_ATTENTION,
    "cuDNN": SDPBackend.CUDNN_ATTENTION,
}


@dataclass(frozen=True)
class Case:
    """A network, and the shape of its latents [C, F, H, W]; `large` ones are made smaller on a CPU."""

    name: str
    kind: str
    latents: tuple
    component: pathlib.Path | None = None
    config: dict = field(default_factory=dict)
    text: tuple = (512, 4096)
    large: bool = True


def cases():
    native = json.loads((measure.STARTER / "patchreel.json").read_text())
    transformer = json.loads((measure.STARTER / "transformer/config.json").read_text())
    vae = json.loads((measure.STARTER / "vae/config.json").read_text())
    tokens = json.loads((measure.STARTER / "tokenizer/tokenizer_config.json").read_text())["model_max_length"]
    shrink, group = vae.get("scale_factor_spatial", 8), vae.get("scale_factor_temporal", 4)
    starter = (transformer["in_channels"], (native["frames"] - 1) // group + 1, native["height"] // shrink, native["width"] // shrink)
    small = dict(num_attention_heads=12, ffn_dim=8960)
    ti2v = dict(num_attention_heads=24, ffn_dim=14336, in_channels=48, out_channels=48)
    large = dict(num_attention_heads=40, ffn_dim=13824)
    found = [
        Case("starter, transformer", "dit", starter, measure.STARTER / "transformer", text=(tokens, transformer["text_dim"]), large=False),
        Case("starter, VAE decoder", "vae", starter, measure.STARTER / "vae", large=False),
    ]
    for size, rows, columns in (("832x480", 60, 104), ("1280x720", 90, 160)):
        found += [
            Case(f"1.3B, 2 layers, 81 frames {size}", "dit", (16, 21, rows, columns), config=small),
            Case(f"5B, 2 layers, 121 frames {size}", "dit", (48, 31, rows // 4 * 2, columns // 2), config=ti2v),
            Case(f"14B, 2 layers, 81 frames {size}", "dit", (16, 21, rows, columns), config=large),
        ]
    return found + [Case("VAE decoder of Wan 2.1, 9 frames 832x480", "vae", (16, 3, 60, 104))]


def smaller(latents, share):
    """Latents of about a share of the tokens: fewer frames first, then rows and columns, which stay even."""
    channels, frames, rows, columns = latents
    while share > 1 and frames > 3:
        frames, share = (frames + 1) // 2, share / 2
    while share > 1 and min(rows, columns) > 8:
        rows, columns, share = rows // 4 * 2, columns // 4 * 2, share / 4
    return channels, frames, rows, columns


def model(case, device):
    torch.manual_seed(0)
    kind = WanTransformer3DModel if case.kind == "dit" else AutoencoderKLWan
    if case.component is None:
        config = dict(num_layers=2, attention_head_dim=128, text_dim=case.text[1], **case.config) if case.kind == "dit" else {}
        with torch.device(device):
            made = kind(**config)
    else:
        made = kind.from_config(json.loads((case.component / "config.json").read_text()))
        weights = load_file(case.component / "diffusion_pytorch_model.safetensors")
        made.load_state_dict({name: value.float() for name, value in weights.items()})
    return made.float().eval().to(device)


def cast(made, dtype):
    for name, parameter in made.named_parameters():
        kept = isinstance(made, WanTransformer3DModel) and any(part in name for part in KEPT)
        parameter.data = parameter.data.to(torch.float32 if kept else dtype)
    return made


def rope(width, frames, rows, columns):
    """As RotaryEmbedding makes it: [tokens, width / 2, 2], made on the CPU and copied."""
    side = width // 6
    axes = []
    for axis, (length, pairs) in enumerate(((frames, width // 2 - 2 * side), (rows, side), (columns, side))):
        angle = torch.outer(torch.arange(length, dtype=torch.float64), 10000.0 ** (-torch.arange(pairs, dtype=torch.float64) / pairs))
        shape = [1, 1, 1, pairs]
        shape[axis] = length
        axes.append(angle.view(shape).expand(frames, rows, columns, pairs))
    angle = torch.cat(axes, -1).flatten(0, 2)
    return torch.stack([angle.cos(), angle.sin()], -1).float()


class OurTransformer:
    """The calls of the Java class Transformer."""

    def __init__(self, archive, made):
        self.script, self.weights, self.config = archive, dict(made.state_dict()), made.config

    def inputs(self, latents, text, device):
        _, _, frames, rows, columns = latents.shape
        patch = self.config.patch_size
        grid = [frames // patch[0], rows // patch[1], columns // patch[2]]
        positions = rope(self.config.attention_head_dim, *grid).to(device)
        return latents, grid, positions, self.script.embed_text(text, self.weights)

    def run(self, latents, grid, positions, context):
        script, weights, config = self.script, self.weights, self.config
        patch = list(config.patch_size)
        timestep = torch.full((1, 1), 700.0, device=latents.device)
        tokens, steering = script.begin(latents, timestep, patch, config.freq_dim, weights)
        for index in range(config.num_layers):
            tokens = script.layer(tokens, steering, context, context.shape[1], positions, f"blocks.{index}",
                                  config.num_attention_heads, config.eps, weights)
        return script.end(tokens, steering, grid, patch, config.eps, weights)


class OurDecoder:
    """The calls of the Java class FrameDecoder, without tiles."""

    def __init__(self, archive, made):
        self.script, self.weights, self.config = archive, dict(made.state_dict()), made.config

    def run(self, raw):
        memory, clip = self.script.no_memory(raw), []
        for index in range(raw.shape[2]):
            pixels, memory = self._frame(raw[:, :, index : index + 1], memory, index == 0)
            clip.append(pixels)
        pixels = torch.cat(clip, 2)
        if self.config.patch_size:
            pixels = self.script.unpatch(pixels, self.config.patch_size)
        return pixels.clip(-1, 1)

    def _frame(self, latent, memory, first):
        x, memory = self.script.decode_in(latent, memory, first, self.weights)
        for index in range(len(self.config.dim_mult)):
            x, memory = self.script.decode_block(x, memory, first, self.weights, index)
        return self.script.decode_out(x, memory, first, self.weights)


def repeated(run, device, count):
    """The result of a pass, and the median of the seconds of some more."""
    result, seconds = run(), []
    for _ in range(count):
        if device == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        run()
        if device == "cuda":
            torch.cuda.synchronize()
        seconds.append(time.perf_counter() - start)
    return result, measure.median(seconds)


@contextlib.contextmanager
def peak_memory(device, row):
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
    yield
    if device == "cuda":
        row["working memory, MiB"] = f"{(torch.cuda.max_memory_allocated() - before) / 2**20:.0f}"


def waits(run):
    """Whether a pass waits for the GPU, so that the next one cannot be queued."""
    torch.cuda.set_sync_debug_mode("error")
    try:
        run()
        return "no"
    except RuntimeError as e:
        return str(e).splitlines()[0]
    finally:
        torch.cuda.set_sync_debug_mode("default")


def attention(run, device):
    """Seconds of a pass by each kernel of attention that takes these shapes."""
    found = []
    for name, backend in BACKENDS.items():
        try:
            with sdpa_kernel(backend):
                found.append(f"{name} {repeated(run, device, 2)[1] * 1000:.0f} ms")
        except RuntimeError:
            found.append(f"{name} -")
    return ", ".join(found)


def measured(case, dtype, archives, chosen):
    device = chosen.device
    share = chosen.share or (16 if device == "cpu" else 1)
    latents = smaller(case.latents, share) if case.large else case.latents
    made = cast(model(case, device), dtype)
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(1, *latents, generator=generator).to(device)
    row = {"network": case.name, "latents": "×".join(map(str, latents)), "type": str(dtype).removeprefix("torch.")}
    if case.kind == "dit":
        text = torch.randn(1, *case.text, generator=generator).to(device, dtype)
        timestep = torch.full((1,), 700.0, device=device)
        ours = OurTransformer(archives["transformer"], made)
        prepared = ours.inputs(noise, text, device)

        def run():
            return ours.run(*prepared)

        def reference():
            return made(noise.to(dtype), timestep, text, return_dict=False)[0]
    else:
        ours = OurDecoder(archives["vae"], made)

        def run():
            return ours.run(noise)

        def reference():
            return made.decode(noise.to(dtype), return_dict=False)[0]

    with peak_memory(device, row):
        result, seconds = repeated(run, device, chosen.count)
    expected, theirs = repeated(reference, device, chosen.count)
    with FlopCounterMode(display=False) as counter:
        reference()
    difference = (result.float() - expected.float()).abs().max().item()
    row |= {
        "ms": f"{1000 * seconds:.1f}",
        "diffusers, ms": f"{1000 * theirs:.1f}",
        "ratio": f"**{seconds / theirs:.2f}**",
        "TFLOP/s": f"{counter.get_total_flops() / seconds / 1e12:.3g}",
        "difference": f"{difference:.1e} of {expected.float().abs().max().item():.2g}",
    }
    if chosen.peak:
        row["share of the peak"] = f"{100 * counter.get_total_flops() / seconds / 1e12 / chosen.peak:.0f} %"
    if device == "cuda":
        row["waits"] = waits(run)
        row["attention by"] = attention(run, device) if case.kind == "dit" else ""
        if not case.large:
            row["difference to the CPU"] = f"{(result.cpu().float() - on_cpu(case, archives['folder'])).abs().max().item():.1e}"
    return row


def on_cpu(case, folder):
    """What a CPU makes of a small case, in float32."""
    made = model(case, "cpu")
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(1, *case.latents, generator=generator)
    if case.kind == "vae":
        return OurDecoder(torch.jit.load(folder / "vae.pt"), made).run(noise)
    ours = OurTransformer(torch.jit.load(folder / "transformer.pt"), made)
    return ours.run(*ours.inputs(noise, torch.randn(1, *case.text, generator=generator), "cpu"))


def main():
    parser = measure.arguments(__doc__.split("\n\n")[0])
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--share", type=int, default=0, help="1 / share of the tokens of the large cases")
    parser.add_argument("--case", default="", help="only those whose names contain this")
    parser.add_argument("--peak", type=float, help="TFLOP/s that the device can do at most, for bfloat16")
    parser.add_argument("--count", type=int, default=3, help="passes that are timed")
    parser.add_argument("--types", default="float32,bfloat16")
    parser.add_argument("--archives", type=pathlib.Path, help="folder with transformer.pt and vae.pt, which NetworkArchives writes; "
                        "default: write them now, by the Java classes that benchmarks/run builds")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="patchreel-benchmark-") as folder, torch.inference_mode():
        folder = chosen.archives or pathlib.Path(folder)
        if not chosen.archives:
            subprocess.run(measure.java("NetworkArchives", folder), check=True)
        archives = {name: torch.jit.load(folder / f"{name}.pt", map_location=chosen.device) for name in ("transformer", "vae")}
        archives["folder"] = folder
        rows = []
        for case in cases():
            if chosen.case in case.name:
                for dtype in chosen.types.split(","):
                    rows.append(measured(case, getattr(torch, dtype), archives, chosen))
                    print(*rows[-1].values(), sep="  ", flush=True)
                    if chosen.device == "cuda":
                        torch.cuda.empty_cache()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    device = torch.cuda.get_device_name() if chosen.device == "cuda" else measure.machine()
    measure.write(
        chosen.results,
        f"networks-{chosen.device}.md",
        "# The networks in Python's PyTorch, beside diffusers",
        device,
        f"PyTorch {torch.__version__}, diffusers {diffusers.__version__}, {torch.get_num_threads()} threads. The archives are those that"
        " the Java runtime gives to libtorch; the weights are the same on both sides.",
        measure.table(columns, [[row.get(name, "") for name in columns] for row in rows]),
        f"`benchmarks/run networks --device {chosen.device}`. Medians of {chosen.count} passes after one that is not counted; work by"
        " PyTorch's flop counter over the pass of diffusers. Of the large networks two layers with random weights"
        + (f", with about 1/{chosen.share or 16} of the tokens." if chosen.device == "cpu" or chosen.share else "."),
    )


if __name__ == "__main__":
    main()
