"""Muon for the matrices of the blocks, AdamW for all else (Jordan et al., https://kellerjordan.github.io/posts/muon/)."""
import torch

from starter.arithmetic import fast


class Muon:
    """Momentum, made orthogonal by five Newton-Schulz steps; matrices of one shape are done at once."""

    def __init__(self, parameters, rate=0.02, momentum=0.95, decay=0.02):
        self.rate, self.momentum, self.decay, self.share = rate, momentum, decay, 1.0
        self.groups = {}
        for parameter in parameters:
            self.groups.setdefault(tuple(parameter.shape), []).append(parameter)
        self.moving = {shape: torch.zeros(len(group), *shape, device=group[0].device) for shape, group in self.groups.items()}

    @torch.no_grad()
    def step(self):
        for shape, group in self.groups.items():
            gradient = torch.stack([parameter.grad for parameter in group])
            moving = self.moving[shape].lerp_(gradient, 1 - self.momentum)
            x = gradient.lerp(moving, self.momentum)
            tall = shape[0] > shape[1]
            x = (x.transpose(1, 2) if tall else x).to(fast(gradient.device))
            x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
            for _ in range(5):
                square = x @ x.transpose(1, 2)
                x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
            x = (x.transpose(1, 2) if tall else x).float()
            rate = self.rate * self.share * max(1, shape[0] / shape[1]) ** 0.5
            for parameter, change in zip(group, x):
                parameter.mul_(1 - rate * self.decay).add_(change, alpha=-rate)
                parameter.grad = None

    def state_dict(self):
        return self.moving

    def load_state_dict(self, state):
        for shape, moving in state.items():
            self.moving[shape].copy_(moving)
