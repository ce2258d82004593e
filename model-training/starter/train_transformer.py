"""Trains the transformer with its text encoder:
`python -m starter.train_transformer --preset cpu --data FOLDER --out FOLDER --minutes 75`.

Rectified flow (Liu et al., https://arxiv.org/abs/2209.03003): the velocity from clip to noise, on single pictures first and
on clips after. A second call with the same --out goes on where the first was stopped. Draws loss.png and sheet-*.png.

Auxiliary heads that are thrown away afterwards tell what the picture shows and what the description says (auxiliary.py).
"""
import json
import random
import time

import torch

from starter.auxiliary import Auxiliary
from starter.model import SHIFT, Model
from starter.optimiser import Muon
from starter.preset import PRESETS
from starter.run import averaged, begin_with, options, save
from starter.sheet import losses, sheet
from starter.shards import Shards, basis
from world.caption import caption

BLANK = 0.1
PICTURES_FIRST = 0.25
"""Share of the time in which pictures alone are seen; later one step in eight. Not where a checkpoint is begun with, which has
seen them."""
OBJECT = 3.0
"""How much more a token that shows the object counts, to the share that it shows."""
TOLD = 0.5
"""Weight of what the text encoder is asked."""
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
    chosen = options(__doc__, begins=True).parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    Training(PRESETS[chosen.preset], chosen).run()


class Training:
    def __init__(self, preset, chosen):
        torch.manual_seed(1)
        self.preset, self.chosen, self.device = preset, chosen, chosen.device
        self.latents = basis(chosen.data)
        self.model = Model(preset).to(self.device)
        if chosen.start:
            begin_with(self.model.transformer, chosen.start / "transformer")
            begin_with(self.model.text, chosen.start / "text_encoder")
        # what is learnt already needs smaller steps earlier
        self.pictures_first, self.decay = (0, 0.9) if chosen.start else (PICTURES_FIRST, 0.45)
        self.auxiliary = Auxiliary(preset.heads * preset.head, preset.text_width).to(self.device)
        matrices = [p for n, p in self.model.transformer.named_parameters() if n.startswith("blocks") and p.ndim == 2]
        chosen_by_muon = {id(p) for p in matrices}
        self.rest = [p for p in [*self.model.parameters(), *self.auxiliary.parameters()] if id(p) not in chosen_by_muon]
        self.adam = torch.optim.AdamW(self.rest, lr=1.5e-3, betas=(0.9, 0.98), weight_decay=0.01)
        self.muon = Muon(matrices)
        self.average = {name: p.detach().clone() for name, p in self.model.named_parameters()}
        self.step, self.spent, self.history = 0, 0.0, []
        self.held_out = torch.load(chosen.data / "held-out.pt", weights_only=False)
        self.path = chosen.out / "transformer.pt"
        if self.path.exists():
            self._resume()

    def run(self):
        chance = random.Random(1000 + self.step)
        pictures, clips = Shards(self.chosen.data, "pictures"), Shards(self.chosen.data, "clips")
        budget = 60 * self.chosen.minutes
        print(f"{sum(p.numel() for p in self.model.parameters())} parameters, {len(pictures)} pictures, {len(clips)} clips", flush=True)
        begun = last = time.time()
        seen, sums = 0, []
        until = self.step + self.chosen.steps
        while self.spent < budget and self.step < until:
            progress = self.spent / budget
            share = min(1, (self.step + 1) / 60) * min(1, max(0.02, (1 - progress) / self.decay))
            single = progress < self.pictures_first or self.step % 8 == 0
            size = self.preset.picture_batch if single else self.preset.batch
            loss, shown, told = self._step(*(pictures if single else clips).batch(size, chance, BLANK), chance, share)
            seen += size
            sums.append((loss, shown, told, single))
            now = time.time()
            self.spent, last = self.spent + now - last, now
            if self.step % 50 == 0:
                line = {"step": self.step, "minutes": round(self.spent / 60, 2), "samples a second": round(seen / (now - begun), 1)}
                for name, kind in (("pictures", True), ("clips", False)):
                    of_kind = [entry[0] for entry in sums if entry[3] == kind]
                    if of_kind:
                        line[name] = round(sum(of_kind) / len(of_kind), 4)
                line["shown"] = round(sum(entry[1] for entry in sums) / len(sums), 4)
                line["told"] = round(sum(entry[2] for entry in sums) / len(sums), 4)
                if self.step % 200 == 0:
                    line["held out"] = self.validate()
                self.history.append(line)
                print(json.dumps(line), flush=True)
                sums, seen, begun = [], 0, time.time()
            if self.step % 200 == 0:
                clips.more()
                self.save()
            if self.step % 800 == 0:
                self.draw()
        self.save()
        self.draw()

    def _step(self, clip, cover, scenes, texts, chance, share):
        clip, cover = clip.to(self.device), cover.to(self.device)
        count, _, frames = clip.shape[:3]
        level = (torch.randperm(count, device=self.device) + torch.rand(count, device=self.device)) / count
        time_ = (SHIFT * level / (1 + (SHIFT - 1) * level)).unsqueeze(1).repeat(1, frames)
        if frames > 1:
            for row in range(count):
                draw = chance.random()
                if draw < 0.10:  # the first frames are given
                    time_[row, : chance.randrange(1, frames)] = 0
                elif draw < 0.15:  # all but some in the middle are given
                    time_[row, 0] = time_[row, chance.randrange(1, frames) :] = 0
                elif draw < 0.22:  # each frame has a time of its own
                    time_[row] = torch.rand(frames, device=self.device)
        noise = torch.randn_like(clip)
        t = time_.view(count, 1, frames, 1, 1)
        text = self.model.embed(texts)
        velocity, hidden = self.model.transformer((1 - t) * clip + t * noise, 1000 * time_, text, hidden=True)
        weight = (1 + OBJECT * cover.repeat_interleave(2, 2).repeat_interleave(2, 3)).unsqueeze(1) * (t > 0)
        loss = ((velocity - noise + clip) ** 2 * weight).mean()
        shown, told = self.auxiliary.picture_loss(hidden, cover, scenes), self.auxiliary.text_loss(text, texts, scenes)
        (loss + shown + TOLD * told).backward()
        torch.nn.utils.clip_grad_norm_(self.rest, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = 1.5e-3 * share
        self.muon.share = share
        self.adam.step()
        self.muon.step()
        self.adam.zero_grad(set_to_none=True)
        self.step += 1
        keep = min(0.998, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                self.average[name].lerp_(parameter, 1 - keep)
        return float(loss.detach()), float(shown.detach()), float(told.detach())

    @torch.no_grad()
    def validate(self):
        clip = self.held_out["latents"][:64:2].float().to(self.device)
        texts = [caption(scene, random.Random(7), True) for scene in self.held_out["scenes"][:64:2]]
        noise = torch.randn(clip.shape, generator=torch.Generator().manual_seed(3)).to(self.device)
        time_ = torch.linspace(0.05, 0.98, len(clip), device=self.device).unsqueeze(1).repeat(1, clip.shape[2])
        t = time_.view(len(clip), 1, -1, 1, 1)
        velocity = self.model.transformer((1 - t) * clip + t * noise, 1000 * time_, self.model.embed(texts))
        return round(float(((velocity - noise + clip) ** 2).mean()), 4)

    def save(self):
        save(self.path, {
            "average": self.average, "model": self.model.state_dict(), "auxiliary": self.auxiliary.state_dict(),
            "adam": self.adam.state_dict(), "muon": self.muon.state_dict(), "step": self.step, "spent": self.spent,
            "history": self.history,
        })
        losses(self.history, self.chosen.out / "loss.png")

    def _resume(self):
        state = torch.load(self.path, map_location=self.device, weights_only=False)
        self.model.load_state_dict(state["model"])
        self.auxiliary.load_state_dict(state["auxiliary"])
        self.adam.load_state_dict(state["adam"])
        self.muon.load_state_dict(state["muon"])
        self.average = state["average"]
        self.step, self.spent, self.history = state["step"], state["spent"], state["history"]

    def draw(self):
        """A sheet of eight prompts, decoded by the linear basis, with the averaged weights."""
        rows, columns = (side // 8 for side in self.preset.sizes[0])
        frames = 1 if self.spent < self.pictures_first * 60 * self.chosen.minutes else 1 + (self.preset.frames - 1) // 4
        with averaged(self.model, self.average) as model:
            clips = model.sample(SAMPLES[: self.preset.batch], 12, 3.0, frames, rows, columns)
        sheet(self.latents.decode(clips.cpu()), self.chosen.out / f"sheet-{self.step:06d}.png")


if __name__ == "__main__":
    main()
