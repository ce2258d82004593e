"""Linear discriminants on features of clips: multinomial logistic regression with a ridge, in NumPy."""
import numpy as np


class Discriminant:
    """Chooses one of `classes` by standardised features."""

    def __init__(self, classes, mean, scale, weights):
        self.classes, self.mean, self.scale, self.weights = list(classes), mean, scale, weights

    @staticmethod
    def fit(features, answers, classes, ridge=1e-3, steps=1500):
        features = np.asarray(features, float)
        mean, scale = features.mean(0), features.std(0) + 1e-6
        x = np.hstack([(features - mean) / scale, np.ones((len(features), 1))]).clip(-6, 6)
        target = np.eye(len(classes))[[list(classes).index(a) for a in answers]]
        weights = np.zeros((x.shape[1], len(classes)))
        # accelerated gradient descent; the loss is convex
        rate = 4.0 / (np.linalg.norm(x, 2) ** 2 / len(x) * 2 + ridge)
        ahead, last = weights, weights
        for step in range(steps):
            score = x @ ahead
            share = np.exp(score - score.max(1, keepdims=True))
            share /= share.sum(1, keepdims=True)
            weights = ahead - rate * (x.T @ (share - target) / len(x) + ridge * ahead)
            ahead = weights + step / (step + 3) * (weights - last)
            last = weights
        return Discriminant(classes, mean, scale, weights)

    def choose(self, features):
        return self.classes[int(self.scores(features).argmax())]

    def scores(self, features):
        x = np.append((np.asarray(features, float) - self.mean) / self.scale, 1.0).clip(-6, 6)
        return x @ self.weights

    def arrays(self, name):
        return {f"{name}_classes": np.array(self.classes), f"{name}_mean": self.mean.astype(np.float32), f"{name}_scale": self.scale.astype(np.float32), f"{name}_weights": self.weights.astype(np.float32)}

    @staticmethod
    def of(arrays, name):
        return Discriminant([str(c) for c in arrays[f"{name}_classes"]], *(arrays[f"{name}_{part}"] for part in ("mean", "scale", "weights")))
