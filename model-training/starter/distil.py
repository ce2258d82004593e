"""Distils the trained transformer so that few steps without guidance are enough:
`python -m starter.distil --preset cpu --data FOLDER --transformer FILE --out FOLDER --minutes 12`.

One step of the student replaces two steps of the teacher with classifier-free guidance, on the grid of the student's
timesteps: guidance distillation (Meng et al., https://arxiv.org/abs/2210.03142) and one round of progressive distillation
(Salimans and Ho, https://arxiv.org/abs/2202.00512) at once. Reads decayed.pt or training.pt of
starter.continued, writes distilled.pt to --out; a second call resumes where the first stopped.
"""
import json
import pathlib
import random
import time

import torch

from starter.continued import SAMPLES
from starter.model import Model, timesteps
from starter.preset import PRESETS
from starter.run import options, save
from starter.sheet import losses, sheet
from starter.shards import Shards, basis
from starter.training import BLANK

RATE = 4e-4


def main():
    parser = options(__doc__)
    parser.add_argument("--transformer", type=pathlib.Path, required=True)
    parser.add_argument("--guidance", type=float, default=3.0, help="of the teacher")
    parser.add_argument("--grid", type=int, default=8, help="steps of the student")
    chosen = parser.parse_args()
    torch.manual_seed(3)
    preset, device = PRESETS[chosen.preset], chosen.device
    path = chosen.out / "distilled.pt"
    teacher, student = Model(preset).to(device), Model(preset).to(device)
    trained = torch.load(chosen.transformer, map_location=device, weights_only=False)
    teacher.load_state_dict(trained["average"], strict=False)
    teacher.requires_grad_(False)
    student.load_state_dict(trained["average"], strict=False)
    adam = torch.optim.AdamW(student.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.0)
    average = {name: p.detach().clone() for name, p in student.named_parameters()}
    step, spent, history = 0, 0.0, []
    if path.exists():
        state = torch.load(path, map_location=device, weights_only=False)
        student.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        average, step, spent, history = state["average"], state["step"], state["spent"], state["history"]
    chance, clips = random.Random(3000 + step), Shards(chosen.data, "clips")
    clips.take(clips.there())
    grid = timesteps(chosen.grid)
    last, sums, until, budget = time.time(), [], step + chosen.steps, 60 * chosen.minutes

    def keep_all():
        save(path, {"average": average, "model": student.state_dict(), "adam": adam.state_dict(), "step": step,
                    "spent": spent, "history": history, "grid": chosen.grid, "guidance": chosen.guidance})
        losses(history, chosen.out / "loss-distil.png")

    while spent < budget and step < until:
        clip, _, _, texts = clips.batch(preset.batch, chance, BLANK)
        loss = _loss(teacher, student, clip.to(device), texts, grid, chosen.guidance, chance)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        share = min(1, (step + 1) / 30) * min(1, max(0.02, (1 - spent / budget) / 0.5))
        for group in adam.param_groups:
            group["lr"] = RATE * share
        adam.step()
        adam.zero_grad(set_to_none=True)
        step += 1
        keep = min(0.99, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, parameter in student.named_parameters():
                average[name].lerp_(parameter, 1 - keep)
        sums.append(float(loss.detach()))
        now = time.time()
        spent, last = spent + now - last, now
        if step % 25 == 0:
            history.append({"step": step, "minutes": round(spent / 60, 2), "clips": round(sum(sums) / len(sums), 4)})
            print(json.dumps(history[-1]), flush=True)
            sums = []
        if step % 100 == 0:
            keep_all()
    keep_all()
    student.load_state_dict(average, strict=False)
    rows, columns = (side // 8 for side in preset.sizes[0])
    made = student.sample(SAMPLES[: preset.batch], chosen.grid, 1.0, preset.frames, rows, columns)
    sheet(basis(chosen.data).decode(made.cpu()), chosen.out / "sheet-distilled.png")


def _loss(teacher, student, clip, texts, grid, guidance, chance):
    """Mean square of the student's velocity against the mean velocity of two guided steps of the teacher."""
    count, _, frames = clip.shape[:3]
    steps = torch.tensor([chance.randrange(len(grid) - 1) for _ in range(count)])
    times = torch.tensor(grid)
    now, then = times[steps], times[steps + 1]
    free = torch.ones(count, frames)
    for row in range(count):
        if chance.random() < 0.15:  # the first frames are given
            free[row, : chance.randrange(1, frames)] = 0
    free = free.to(clip.device)

    def of_frames(value):
        value = value.to(clip.device).unsqueeze(1) * free
        return 1000 * value, value.view(count, 1, frames, 1, 1)

    noise = torch.randn_like(clip)
    timestep, start = of_frames(now)
    x = (1 - start) * clip + start * noise
    with torch.no_grad():
        text, blank = teacher.embed(texts), teacher.embed([""] * count)
        reached = x
        for begin, end in ((now, (now + then) / 2), ((now + then) / 2, then)):
            at, from_ = of_frames(begin)
            to = of_frames(end)[1]
            reached = reached + (to - from_) * teacher.guided(reached, at, text, blank, guidance)
        way = of_frames(then)[1] - start
        wanted = (reached - x) / torch.where(way == 0, torch.ones_like(way), way)
    velocity = student.transformer(x, timestep, student.embed(texts))
    return ((velocity - wanted) ** 2 * free.view(count, 1, frames, 1, 1)).mean()


if __name__ == "__main__":
    main()
