"""Discriminants on features of clips: multinomial logistic regression, on the features and on a layer of hidden units of them."""
import numpy as np
import torch

LIMIT = 6.0
"""Standard deviations beyond which a feature counts no more."""


class Discriminant:
    """Chooses one of `classes` by standardised features."""

    def __init__(self, classes, mean, scale, inner, weights):
        """`inner` [features + 1, units] of the hidden units' weights, `weights` [features + units + 1, classes]."""
        self.classes, self.mean, self.scale, self.inner, self.weights = list(classes), mean, scale, inner, weights

    @staticmethod
    def fit(features, answers, classes, units=0, ridge=1e-3, steps=600):
        """By Adam on all samples at once; a ridge on all weights."""
        features = np.asarray(features, float)
        mean, scale = features.mean(0), features.std(0) + 1e-6
        x = torch.tensor(((features - mean) / scale).clip(-LIMIT, LIMIT), dtype=torch.float32)
        one = torch.ones(len(x), 1)
        target = torch.tensor([list(classes).index(a) for a in answers])
        chance = torch.Generator().manual_seed(1)
        inner = (torch.randn(x.shape[1] + 1, units, generator=chance) / x.shape[1] ** 0.5).requires_grad_()
        weights = torch.zeros(x.shape[1] + units + 1, len(classes), requires_grad=True)
        optimiser = torch.optim.Adam([inner, weights], lr=0.03)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        for _ in range(steps):
            optimiser.zero_grad()
            hidden = torch.tanh(torch.cat([x, one], 1) @ inner)
            scores = torch.cat([x, hidden, one], 1) @ weights
            loss = torch.nn.functional.cross_entropy(scores, target) + ridge / 2 * (weights.square().sum() + inner.square().sum())
            loss.backward()
            optimiser.step()
            schedule.step()
        return Discriminant(classes, mean, scale, inner.detach().numpy(), weights.detach().numpy())

    def choose(self, features):
        return self.classes[int(self.scores(features).argmax())]

    def scores(self, features):
        """[classes], or [samples, classes] of [samples, features]: logarithms of likelihoods, up to a constant."""
        x = ((np.asarray(features, float) - self.mean) / self.scale).clip(-LIMIT, LIMIT)
        one = np.ones((*x.shape[:-1], 1))
        hidden = np.tanh(np.concatenate([x, one], -1) @ self.inner)
        return np.concatenate([x, hidden, one], -1) @ self.weights

    def arrays(self, name):
        parts = {part: getattr(self, part).astype(np.float32) for part in ("mean", "scale", "inner", "weights")}
        return {f"{name}_classes": np.array(self.classes), **{f"{name}_{part}": value for part, value in parts.items()}}

    @staticmethod
    def of(arrays, name):
        return Discriminant([str(c) for c in arrays[f"{name}_classes"]], *(arrays[f"{name}_{part}"] for part in ("mean", "scale", "inner", "weights")))
