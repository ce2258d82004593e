"""How far the frames of two sets of clips are apart: Fréchet distances between Gaussians of plain features, as Heusel et al.
(https://arxiv.org/abs/1706.08500) do with a network's; here a small picture's colours and the energy of edges at four scales."""
import cv2
import numpy as np


def features(pixels):
    """[T, 116] of pixels [T, H, W, 3]."""
    result = []
    for frame in np.sqrt(pixels.astype(np.float32) / 255):
        small = cv2.resize(frame, (6, 6), interpolation=cv2.INTER_AREA).ravel()
        grey, energy = frame.mean(-1), []
        for _ in range(4):
            lower = cv2.pyrDown(grey)
            band = grey - cv2.pyrUp(lower, dstsize=grey.shape[::-1])
            energy += [np.log(np.abs(band[: len(band) // 2]).mean() + 1e-3), np.log(np.abs(band[len(band) // 2 :]).mean() + 1e-3)]
            grey = lower
        result.append(np.concatenate([small, np.array(energy) * 0.2]))
    return np.array(result)


def distance(one, two):
    """Of features [N, D] and [M, D]."""
    a, b = np.cov(one.T), np.cov(two.T)
    values, vectors = np.linalg.eigh(a)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    both = np.sqrt(np.linalg.eigvalsh(root @ b @ root).clip(0)).sum()
    return float(((one.mean(0) - two.mean(0)) ** 2).sum() + np.trace(a) + np.trace(b) - 2 * both)
