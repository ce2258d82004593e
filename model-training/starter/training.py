"""How the transformer is trained with its text encoder: rectified flow (Liu et al., https://arxiv.org/abs/2209.03003), the
velocity from clip to noise, on single pictures and on clips.

Auxiliary heads that are thrown away afterwards tell what the picture shows and what the description says (auxiliary.py).
"""
import pathlib
import random

import torch
from torch.nn import functional

from starter.auxiliary import Auxiliary
from starter.data import KINDS, Rendering
from starter.model import SHIFT, Model
from starter.optimiser import Muon
from starter.run import begin_with, save
from world.caption import caption

RATE = 1.5e-3
WARM_UP = 60
"""Steps in which the rate grows."""
BLANK = 0.1
PICTURES_FIRST = 400
"""Steps of which three in four see pictures; later one in eight does."""
SPARSE = 3
"""Of each group of this number of frames one is shown, chosen by chance, as neighbours tell little that is new; a step has this
number of times the clips."""
WHOLE = 4
"""One step with clips in this number shows all of their frames; so do all while the rate falls."""
GROWTH = 6
"""Steps for each shard that is rendered, until all of the preset are there: it takes about as long as they do."""
OBJECT = 3.0
"""How much more a latent that shows the object counts, to the share that it shows."""
TOLD = 0.5
"""Weight of what the text encoder is asked."""
AVERAGED = 0.999
"""Share of the averaged weights that stays in each step."""


class Training:
    """State of a training, one step after the other. Each step follows from the state alone, so a training that was stopped
    and resumed is equal to one that was not."""

    def __init__(self, preset, folder: pathlib.Path, device):
        torch.manual_seed(1)
        self.preset, self.device = preset, device
        self.model = Model(preset).to(device)
        self.auxiliary = Auxiliary(preset.heads * preset.head, preset.text_width).to(device)
        matrices = [p for n, p in self.model.transformer.named_parameters() if n.startswith("blocks") and p.ndim == 2]
        of_muon = {id(p) for p in matrices}
        self.rest = [p for p in [*self.model.parameters(), *self.auxiliary.parameters()] if id(p) not in of_muon]
        self.adam = torch.optim.AdamW(self.rest, lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
        self.muon = Muon(matrices)
        self.step, self.samples, self.history = 0, dict.fromkeys(KINDS, 0), []
        self.rendering = Rendering(preset, folder, device)
        # what was rendered before counts from the first step on
        self.before = {kind: max(1, shards.there()) for kind, shards in self.rendering.shards.items()}
        self._average()

    def begin(self, checkpoint: pathlib.Path):
        """Takes over the weights of an exported checkpoint, but for the first and the last layer where its latents are others."""
        begin_with(self.model.transformer, checkpoint / "transformer", but=("patch_embedding.", "proj_out."))
        begin_with(self.model.text, checkpoint / "text_encoder")
        self._average()

    def go_on(self, history, samples):
        """Takes the weights as they are for those of a training with this history. What is to be rendered counts anew."""
        self.step, self.history, self.samples = history[-1]["step"], history, samples
        self.before = {kind: count - self.step // GROWTH for kind, count in self.before.items()}
        self._average()

    def _average(self):
        self.average = {name: p.detach().clone() for name, p in self.model.named_parameters()}

    def load(self, path: pathlib.Path):
        state = torch.load(path, map_location=self.device, weights_only=False)
        for name in ("model", "auxiliary", "adam", "muon"):
            getattr(self, name).load_state_dict(state[name])
        for name in ("average", "step", "samples", "history", "before"):
            setattr(self, name, state[name])

    def save(self, path: pathlib.Path):
        save(path, {**{name: getattr(self, name).state_dict() for name in ("model", "auxiliary", "adam", "muon")},
                    **{name: getattr(self, name) for name in ("average", "step", "samples", "history", "before")}})

    def advance(self, share: float = 1.0):
        """One step at `share` of the full rate. Returns the losses by name."""
        chance = random.Random(f"step {self.step}")
        torch.manual_seed(1000 + self.step)
        early = self.step < PICTURES_FIRST
        kind = "pictures" if (self.step % 4 != 0 if early else self.step % 8 == 0) else "clips"
        self._render(kind)
        size, places = self.preset.picture_batch, None
        if kind == "clips":
            size = self.preset.batch
            if share == 1 and chance.randrange(WHOLE):
                size, places = size * SPARSE, sorted(chance.sample(range(self.preset.frames), max(1, self.preset.frames // SPARSE)))
        losses = self._losses(*self.rendering.shards[kind].batch(size, chance, BLANK, places), places)
        (losses["flow"] + losses["shown"] + TOLD * losses["told"]).backward()
        torch.nn.utils.clip_grad_norm_(self.rest, 1.0)
        share *= min(1, (self.step + 1) / WARM_UP)
        for group in self.adam.param_groups:
            group["lr"] = RATE * share
        self.muon.share = share
        self.adam.step()
        self.muon.step()
        self.adam.zero_grad(set_to_none=True)
        self.step += 1
        self.samples[kind] += size
        keep = min(AVERAGED, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), [p.detach() for p in self.model.parameters()], 1 - keep)
        return {kind if name == "flow" else name: float(loss.detach()) for name, loss in losses.items()}

    def _render(self, kind):
        wanted = min(self.rendering.count(kind), self.before[kind] + self.step // GROWTH)
        shards = self.rendering.shards[kind]
        for number in range(len(shards.shards), wanted):
            self.rendering.draw(kind, number)
        shards.take(wanted)

    def _losses(self, clip, cover, scenes, texts, places):
        clip, cover = clip.to(self.device), cover.to(self.device)
        time = times(clip.shape[0], clip.shape[2]).to(self.device)
        noise = torch.randn_like(clip)
        t = time.view(*time.shape, 1, 1).unsqueeze(1)
        text = self.model.embed(texts)
        velocity, hidden = self.model.transformer((1 - t) * clip + t * noise, 1000 * time, text, hidden=True, places=places)
        weight = (1 + OBJECT * cover).unsqueeze(1) * (t > 0)
        return {
            "flow": ((velocity - noise + clip) ** 2 * weight).mean(),
            "shown": self.auxiliary.picture_loss(hidden, functional.avg_pool2d(cover, self.preset.patch), scenes),
            "told": self.auxiliary.text_loss(text, texts, scenes),
        }

    @torch.no_grad()
    def validate(self):
        """The mean square error of the velocity on clips that are not trained on, with the averaged weights."""
        held_out = self.rendering.held_out()
        clip = held_out["latents"][:64:2].float().to(self.device)
        texts = [caption(scene, random.Random(7), True) for scene in held_out["scenes"][:64:2]]
        noise = torch.randn(clip.shape, generator=torch.Generator().manual_seed(3)).to(self.device)
        time = torch.linspace(0.05, 0.98, len(clip), device=self.device).unsqueeze(1).repeat(1, clip.shape[2])
        t = time.view(*time.shape, 1, 1).unsqueeze(1)
        total = 0.0
        for part in torch.arange(len(clip)).split(8):
            velocity = self.model.transformer(
                ((1 - t) * clip + t * noise)[part], 1000 * time[part], self.model.embed([texts[i] for i in part]))
            total += float(((velocity - noise[part] + clip[part]) ** 2).mean()) * len(part)
        return total / len(clip)


def times(count, frames):
    """A noise level for each frame of each clip, [count, frames]: mostly one for all, evenly spread over the clips; of some
    clips frames are given, and some have a level of its own for each frame."""
    level = (torch.randperm(count) + torch.rand(count)) / count
    time = (SHIFT * level / (1 + (SHIFT - 1) * level)).unsqueeze(1).repeat(1, frames)
    if frames > 1:
        kind, index = torch.rand(count, 1), torch.arange(frames).expand(count, -1)
        end = torch.where(torch.rand(count, 1) < 0.5, 1, torch.randint(1, frames, (count, 1)))
        time[(kind < 0.10) & (index < end)] = 0  # the first frames are given
        if frames > 2:
            last = torch.randint(2, frames, (count, 1))
            time[(kind >= 0.10) & (kind < 0.15) & ((index == 0) | (index >= last))] = 0  # the first frame and the last ones are
        own = (kind >= 0.15).squeeze(1) & (kind < 0.22).squeeze(1)
        time[own] = torch.rand(count, frames)[own]
    return time
