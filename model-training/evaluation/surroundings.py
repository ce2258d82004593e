"""Light and ground, by the colours of the upper and lower rows."""
import numpy as np


def features(pixels):
    """Medians and quartiles of strips at the top and at the bottom, over all frames; pixels [T, H, W, 3]."""
    size = pixels.shape[1]
    strips = [(0, size // 12), (size // 12, size // 5), (size * 13 // 16, size * 15 // 16), (size * 15 // 16, size)]
    result = []
    for begin, end in strips:
        part = np.sqrt(pixels[:, begin:end].reshape(-1, 3) / 255.0)
        result += list(np.percentile(part, (50, 20, 80), axis=0))
    return np.concatenate(result)
