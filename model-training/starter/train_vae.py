"""Trains the VAE's decoder: `python -m starter.train_vae --preset cpu --data FOLDER --out FOLDER --minutes 60`.

The latents are fixed (latents.py), so this can run beside the transformer's training. A second call with the same --out goes
on where the first was stopped. A crop starts with its clip, as the causal decoder must. Draws loss-vae.png and sheet-vae.png
(originals, then reconstructions).
"""
import json
import math
import random
import time

import torch

from starter.arithmetic import fast
from starter.preset import PRESETS
from starter.run import averaged, begin_with, options, save
from starter.sheet import losses, sheet
from starter.shards import basis
from starter.vae import autoencoder, decode

LEARNT = "decoder", "post_quant"
RATE = 3e-3
NOISE = 0.05
"""Of the latents' deviation: what the transformer leaves is not exact either."""


def main():
    chosen = options(__doc__, begins=True).parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    Training(PRESETS[chosen.preset], chosen).run()


class Training:
    def __init__(self, preset, chosen):
        torch.manual_seed(2)
        self.preset, self.chosen, self.device = preset, chosen, chosen.device
        self.latents = basis(chosen.data)
        self.vae = autoencoder(self.latents, preset.decoder).to(self.device)
        if chosen.start:
            begin_with(self.vae, chosen.start / "vae", LEARNT)
        self.learnt = {n: p for n, p in self.vae.named_parameters() if n.startswith(LEARNT)}
        self.rate = RATE / 3 if chosen.start else RATE
        self.adam = torch.optim.AdamW(self.learnt.values(), lr=self.rate, betas=(0.9, 0.98), weight_decay=0.0)
        self.average = {name: p.detach().clone() for name, p in self.learnt.items()}
        self.step, self.spent, self.history = 0, 0.0, []
        self.held_out = torch.load(chosen.data / "held-out.pt", weights_only=False)["pixels"]
        self.path = chosen.out / "vae.pt"
        if self.path.exists():
            state = torch.load(self.path, map_location=self.device, weights_only=False)
            self.vae.load_state_dict(state["learnt"], strict=False)
            self.adam.load_state_dict(state["adam"])
            self.average, self.step = state["average"], state["step"]
            self.spent, self.history = state["spent"], state["history"]

    def run(self):
        chance = random.Random(2000 + self.step)
        budget, last, errors = 60 * self.chosen.minutes, time.time(), []
        until, shards = self.step + self.chosen.steps, []
        print(f"{sum(p.numel() for p in self.learnt.values())} parameters", flush=True)
        while self.spent < budget and self.step < until:
            if not shards or self.step % 200 == 0:
                shards = [torch.load(path, mmap=True) for path in sorted(self.chosen.data.glob("pixels-*.pt"))]
            errors.append(self._step(shards, chance, self.spent / budget))
            now = time.time()
            self.spent, last = self.spent + now - last, now
            if self.step % 50 == 0:
                line = {"step": self.step, "minutes": round(self.spent / 60, 2), "training PSNR": round(-10 * math.log10(sum(errors) / len(errors) / 4), 2)}
                if self.step % 250 == 0:
                    line["PSNR"] = round(self.validate()[0], 2)
                self.history.append(line)
                print(json.dumps(line), flush=True)
                errors = []
            if self.step % 250 == 0:
                self.save()
        self.save()
        psnr, pairs = self.validate(len(self.held_out))
        print(f"held-out PSNR {psnr:.2f} dB after {self.step} steps, {self.spent / 60:.1f} minutes", flush=True)
        sheet(pairs, self.chosen.out / "sheet-vae.png")

    def _step(self, shards, chance, progress):
        frames, side, count = (1, 64, 32) if progress < 0.04 and not self.chosen.start else self.preset.crops[self.step % len(self.preset.crops)]
        pixels = []
        shard = chance.choice(shards)
        _, _, height, width, _ = shard.shape
        for _ in range(count):
            y, x = 8 * chance.randrange((height - side) // 8 + 1), 8 * chance.randrange((width - side) // 8 + 1)
            clip = shard[chance.randrange(len(shard)), :frames, y : y + side, x : x + side]
            pixels.append(clip.flip(2) if chance.random() < 0.5 else clip)
        pixels = torch.stack(pixels).to(self.device)
        wanted = (pixels.float() / 127.5 - 1).permute(0, 4, 1, 2, 3)
        raw = self.latents.raw(self.latents.encode(pixels))
        raw = raw + torch.randn_like(raw) * raw.std((0, 2, 3, 4), keepdim=True) * NOISE
        kind = fast(self.device)
        with torch.autocast(torch.device(self.device).type, kind, enabled=kind != torch.float32):
            made = decode(self.vae, raw)
        error = made.float() - wanted
        square = (error**2).mean()
        loss = error.abs().mean() + 2 * square
        loss = loss + 0.5 * (error.diff(dim=3).abs().mean() + error.diff(dim=4).abs().mean())
        if frames > 1:
            loss = loss + 0.25 * error.diff(dim=2).abs().mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.learnt.values(), 1.0)
        share = min(1, (self.step + 1) / 50) * (1 if progress < 0.4 else 0.5 * (1 + math.cos(math.pi * (progress - 0.4) / 0.6)) + 0.01)
        for group in self.adam.param_groups:
            group["lr"] = self.rate * share
        self.adam.step()
        self.adam.zero_grad(set_to_none=True)
        self.step += 1
        keep = 0.98 if progress < 0.7 else 0.995
        with torch.no_grad():
            for name, parameter in self.learnt.items():
                self.average[name].lerp_(parameter, 1 - keep)
        return float(square.detach())

    @torch.no_grad()
    def validate(self, count=8):
        """PSNR in dB of pixels in -1..1 over held-out clips, with the averaged weights, and pairs to look at."""
        total, shown = 0.0, []
        with averaged(self.vae, self.average) as vae:
            for pixels in self.held_out[:count].split(1):
                pixels = pixels.to(self.device)
                made = decode(vae, self.latents.raw(self.latents.encode(pixels))).clamp(-1, 1)
                wanted = (pixels.float() / 127.5 - 1).permute(0, 4, 1, 2, 3)
                total += 10 * math.log10(4 / float(((made - wanted) ** 2).mean()))
                if len(shown) < 8:
                    shown.append(((made + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 4, 1).cpu())
        return total / min(count, len(self.held_out)), torch.cat([self.held_out[: len(shown)], torch.cat(shown)])

    def save(self):
        save(self.path, {"learnt": {n: p.detach() for n, p in self.learnt.items()}, "average": self.average,
                         "adam": self.adam.state_dict(), "step": self.step, "spent": self.spent, "history": self.history})
        losses([{k: v for k, v in line.items() if k in ("minutes", "PSNR")} for line in self.history], self.chosen.out / "loss-vae.png")


if __name__ == "__main__":
    main()
