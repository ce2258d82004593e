"""A linear discriminant among named classes: multinomial logistic regression on standardised features."""
import numpy
import torch


class Discriminant:
    def __init__(self, features, names):
        self.names = tuple(sorted(set(names)))
        features = numpy.asarray(features, numpy.float64)
        self.mean, self.scale = features.mean(0), features.std(0) + 1e-6
        x = torch.tensor(self._standard(features))
        y = torch.tensor([self.names.index(name) for name in names])
        weight = torch.zeros(x.shape[1], len(self.names), dtype=torch.float64, requires_grad=True)
        bias = torch.zeros(len(self.names), dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

        def loss():
            optimiser.zero_grad()
            value = torch.nn.functional.cross_entropy(x @ weight + bias, y) + 3e-3 * weight.square().sum()
            value.backward()
            return value

        optimiser.step(loss)
        self.weight, self.bias = weight.detach().numpy(), bias.detach().numpy()

    def decide(self, features) -> str:
        return self.names[int((self._standard(numpy.asarray(features, numpy.float64)) @ self.weight + self.bias).argmax())]

    def _standard(self, features):
        return numpy.clip((features - self.mean) / self.scale, -4, 4)
