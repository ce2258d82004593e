"""The objects of a clip: connected pixels of one of the world's colours, followed through the frames by colour."""
import dataclasses

import cv2
import numpy as np

from world.scene import COLOURS, OCCLUDERS

PRIOR = -2.5
"""Logarithm of the odds that a pixel belongs to an object, before its colour is known."""
SMALLEST = 40
"""Pixels, of 96x96, that an object must have in one frame to count."""


@dataclasses.dataclass(frozen=True)
class Track:
    """`colour` of one object; `masks` bool [T, H, W]; `area` [T]; `box` [T, 4] left, top, right, bottom, NaN where it is not
    seen; `centre` [T, 2] column and row; `cut` [T], whether the picture's edge cuts it off."""

    colour: str
    masks: np.ndarray
    area: np.ndarray
    box: np.ndarray
    centre: np.ndarray
    cut: np.ndarray


def find(likelihoods):
    """Tracks, the largest first, and the occluders' mask, from Palette.likelihoods."""
    kinds = len(OCCLUDERS) - 1
    scores = likelihoods.copy()
    scores[..., 1 + kinds :] += PRIOR
    scores[..., 1 : 1 + kinds] += PRIOR
    labels = scores.argmax(-1)
    frames, height, width = labels.shape
    least = SMALLEST * height * width / 9216
    gains = likelihoods[..., 1 + kinds :]
    found = np.zeros((len(COLOURS), *labels.shape), bool)
    for frame in range(frames):
        thing = (labels[frame] > kinds).astype(np.uint8)
        # parts of one object that look like different colours are one component of the colour that explains it best
        count, parts, stats, _ = cv2.connectedComponentsWithStats(thing, connectivity=4)
        for part in range(1, count):
            if stats[part, 4] < least / 3:
                continue
            mask = parts == part
            here = np.bincount(labels[frame][mask] - 1 - kinds, minlength=len(COLOURS))
            common = np.flatnonzero(here > max(0.12 * stats[part, 4], least))
            if len(common) < 2:
                found[np.argmax(gains[frame][mask].sum(0)), frame] |= mask
            else:  # two that touch
                choice = gains[frame][mask][:, common].argmax(1)
                for index, colour in enumerate(common):
                    own = np.zeros_like(mask)
                    own[mask] = choice == index
                    found[colour, frame] |= own
    area = found.sum((2, 3))
    best = np.sort(area, 1)[:, -5:].mean(1)
    order = [c for c in np.argsort(-best) if best[c] >= 1.6 * least]
    occluder = (labels >= 1) & (labels <= kinds)
    tracks = [_track(list(COLOURS)[c], found[c]) for c in order if best[c] >= 0.12 * best[order[0]]]
    return tracks[:1] + [t for t in tracks[1:] if _own(t, occluder)], occluder


def _own(track, occluder):
    """Whether a further track is a thing of its own and no part of an occluder, or a passing mistake: it is seen most of
    the time, and little of its edge lies at an occluder."""
    if np.mean(track.area > 0.3 * np.percentile(track.area, 80)) < 0.5:
        return False
    ring = np.stack([cv2.dilate(m.astype(np.uint8), np.ones((5, 5))) for m in track.masks]).astype(bool) & ~track.masks
    return (occluder & ring).sum() < 0.18 * ring.sum()


def _track(colour, masks):
    frames, height, width = masks.shape
    box, centre, cut = np.full((frames, 4), np.nan), np.full((frames, 2), np.nan), np.zeros(frames, bool)
    masks = masks.copy()
    for frame in range(frames):
        count, parts, stats, _ = cv2.connectedComponentsWithStats(masks[frame].astype(np.uint8), connectivity=8)
        if count > 2:  # specks go; what an occluder parts stays
            for part in range(1, count):
                if stats[part, 4] < 0.15 * stats[1:, 4].max():
                    masks[frame][parts == part] = False
        rows, columns = np.nonzero(masks[frame])
        if len(rows) >= 12:
            box[frame] = columns.min(), rows.min(), columns.max(), rows.max()
            centre[frame] = columns.mean(), rows.mean()
            cut[frame] = columns.min() == 0 or rows.min() == 0 or columns.max() == width - 1 or rows.max() == height - 1
    return Track(colour, masks, masks.sum((1, 2)).astype(float), box, centre, cut)
