"""Trains the VAE's decoder: `python -m starter.train_vae --preset cpu --data FOLDER --out FOLDER --minutes 60`.

The latents are fixed (latents.py), so this can run beside the transformer's training. It begins with the linear inverse; scenes
are rendered as they are needed and seen once. A second call with the same --out resumes where the first stopped. Draws
loss-vae.png and sheet-vae.png (originals, then reconstructions).
"""
import json
import math
import time

import torch

from starter.data import Rendering
from starter.preset import PRESETS
from starter.run import averaged, options, save
from starter.sheet import losses, sheet
from starter.vae import Vae
from world.renderer import render
from world.scene import sample_scenes

FIRST_SEED, MEASURED_SEED = 600_000, 700_000
RATE = 5e-4
LINEAR = 0.05
"""Share of the rate for the weights that the linear inverse was written into: a step that suits the others destroys them."""
NOISE = 0.02
"""On the latents, whose deviation is about 1: what the transformer leaves is not exact either."""
MOVING, CONTOUR = 8.0, 2.0
"""How much more a pixel counts that differs from its mean over time by half of the range, and weight of the gradients."""


def main():
    chosen = options(__doc__).parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    Training(PRESETS[chosen.preset], chosen).run()


class Training:
    def __init__(self, preset, chosen):
        torch.manual_seed(2)
        self.preset, self.chosen, self.device = preset, chosen, chosen.device
        self.latents = Rendering(preset, chosen.data, self.device).latents()
        self.vae = Vae(self.latents, preset.encoder, preset.decoder).to(self.device)
        linear = {id(p) for part in (self.vae.decoder.conv_in, self.vae.decoder.norm_out, self.vae.decoder.conv_out) for p in part.parameters()}
        self.learnt = {n: p for n, p in self.vae.named_parameters() if n.startswith("decoder.") and p.requires_grad}
        groups = [{"params": [p for p in self.learnt.values() if (id(p) in linear) == slow], "share": share}
                  for slow, share in ((False, 1.0), (True, LINEAR))]
        self.adam = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
        self.average = {name: p.detach().clone() for name, p in self.learnt.items()}
        self.step, self.spent, self.history = 0, 0.0, []
        self.path = chosen.out / "vae.pt"
        if self.path.exists():
            state = torch.load(self.path, map_location=self.device, weights_only=False)
            self.vae.load_state_dict(state["learnt"], strict=False)
            self.adam.load_state_dict(state["adam"])
            self.average, self.step = state["average"], state["step"]
            self.spent, self.history = state["spent"], state["history"]

    def run(self):
        drawn = render(sample_scenes(MEASURED_SEED, 24), self.preset.frames, self.preset.rate, *self.preset.sizes[0], self.device)
        budget, last, errors = 60 * self.chosen.minutes, time.time(), []
        until = self.step + self.chosen.steps
        print(f"{sum(p.numel() for p in self.learnt.values())} parameters; before: {measure(self.decoded, drawn)}", flush=True)
        while self.spent < budget and self.step < until:
            errors.append(self._step(self.spent / budget))
            now = time.time()
            self.spent, last = self.spent + now - last, now
            if self.step % 100 == 0:
                line = {"step": self.step, "minutes": round(self.spent / 60, 2), "loss": round(sum(errors) / len(errors), 5)}
                with averaged(self.vae, self.average):
                    line |= measure(self.decoded, drawn)
                self.history.append(line)
                print(json.dumps(line), flush=True)
                errors = []
                self.save()
        self.save()
        with averaged(self.vae, self.average):
            print(f"{measure(self.decoded, drawn)} after {self.step} steps, {self.spent / 60:.1f} minutes", flush=True)
            shown = torch.cat([drawn.pixels[:4], _bytes(self.decoded(drawn.pixels[:4]))])
        sheet(shown.cpu(), self.chosen.out / "sheet-vae.png")

    def decoded(self, pixels):
        """What the VAE makes of uint8 pixels, in -1..1."""
        self.vae.eval()
        with torch.no_grad():
            made = self.vae.decode(self.latents.raw(self.latents.encode(pixels))).clamp(-1, 1)
        self.vae.train()
        return made

    def _step(self, progress):
        torch.manual_seed(2000 + self.step)
        frames, count = self.preset.codec_batch
        size = self.preset.sizes[self.step % len(self.preset.sizes)]
        scenes = sample_scenes(FIRST_SEED + self.step, count)
        pixels = render(scenes, frames, self.preset.rate, *size, self.device).pixels
        wanted = (pixels.float() / 127.5 - 1).permute(0, 4, 1, 2, 3)
        latents = self.latents.encode(pixels)
        made = self.vae.decode(self.latents.raw(latents + NOISE * torch.randn_like(latents)))
        error = made - wanted
        weight = 1 + MOVING * (wanted - wanted.mean(2, keepdim=True)).abs().amax(1, keepdim=True).clamp(max=0.5)
        weight = weight / weight.mean()
        # Squares, not amounts: an absolute error is content with the median, and blurs what may be on either side of an edge.
        loss = (weight * error**2).mean()
        for axis in (3, 4):
            loss = loss + CONTOUR * (weight.narrow(axis, 1, weight.shape[axis] - 1) * error.diff(dim=axis) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.learnt.values(), 0.1)
        share = min(1, (self.step + 1) / 100) * min(1, max(0.01, (1 - progress) / 0.5))
        for group in self.adam.param_groups:
            group["lr"] = RATE * share * group["share"]
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)
        self.step += 1
        with torch.no_grad():
            for name, parameter in self.learnt.items():
                self.average[name].lerp_(parameter, 0.01)
        return float(loss.detach())

    def save(self):
        save(self.path, {"learnt": {n: p.detach() for n, p in self.learnt.items()}, "average": self.average,
                         "adam": self.adam.state_dict(), "step": self.step, "spent": self.spent, "history": self.history})
        losses(self.history, self.chosen.out / "loss-vae.png")


def measure(decoded, drawn):
    """How true the pictures are that `decoded` makes of the pixels of clips: PSNR in dB over all and on the first object, and
    the share of the gradient energy that is left at its outline."""
    square = area = inside = covered = kept = there = 0.0
    for pixels, coverage in zip(drawn.pixels.split(4), drawn.coverage.float().split(4)):
        wanted = (pixels.float() / 127.5 - 1).permute(0, 4, 1, 2, 3)
        made = decoded(pixels)
        error = ((made - wanted) ** 2).mean(1)
        square, area = square + float(error.sum()), area + error.numel()
        inside, covered = inside + float((error * coverage).sum()), covered + float(coverage.sum())
        pooled = [torch.nn.functional.max_pool2d(sign * coverage.flatten(0, 1).unsqueeze(1), 3, 1, 1) for sign in (1, -1)]
        outline = (pooled[0] + pooled[1]).view(coverage.shape)[..., :-1, :-1]
        kept, there = kept + float((_gradient(made) * outline).sum()), there + float((_gradient(wanted) * outline).sum())
    return {"PSNR": round(10 * math.log10(4 * area / square), 2), "object": round(10 * math.log10(4 * covered / inside), 2),
            "outline": round(kept / there, 3)}


def _gradient(picture):
    return (picture.diff(dim=-1)[..., :-1, :] ** 2 + picture.diff(dim=-2)[..., :-1] ** 2).sum(1)


def _bytes(picture):
    return ((picture + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 4, 1)


if __name__ == "__main__":
    main()
