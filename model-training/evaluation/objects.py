"""The objects of a clip: connected pixels of one of the world's colours, followed through the frames by colour."""
import dataclasses

import cv2
import numpy as np

from world.scene import COLOURS, OCCLUDERS

PRIOR = -2.5
"""Logarithm of the odds that a pixel belongs to an object, before its colour is known."""
SMALLEST = 40
"""Pixels, of 96x96, that an object must have in one frame to count."""
OCCLUDING = 6
"""Times SMALLEST, the least that an occluder covers in a quarter of the frames."""
SPREAD = 1.3
"""Times its usual width and height, within which the parts of an object lie."""


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
    """What may be objects, the largest first, and the occluders' mask, from Palette.likelihoods."""
    kinds = len(OCCLUDERS) - 1
    scores = likelihoods.copy()
    scores[..., 1 + kinds :] += PRIOR
    scores[..., 1 : 1 + kinds] += PRIOR
    labels = scores.argmax(-1)
    frames, height, width = labels.shape
    least = SMALLEST * height * width / 9216
    # there is one occluder or none: what looks like another is a shaded side of an object
    areas = np.array([np.percentile((labels == 1 + kind).sum((1, 2)), 75) for kind in range(kinds)])
    for kind in range(kinds):
        if kind != areas.argmax() or areas[kind] < OCCLUDING * least:
            scores[..., 1 + kind] = -np.inf
    labels = scores.argmax(-1)
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
    order = [c for c in np.argsort(-best) if best[c] >= least]
    occluder = (labels >= 1) & (labels <= kinds)
    tracks = [_track(list(COLOURS)[c], found[c]) for c in order if best[c] >= 0.08 * best[order[0]]]
    return [t for t in tracks if not np.isnan(t.box).all()], occluder


def features(track, candidates, occluder, likelihoods):
    """Of a candidate, by which a thing of its own is told from a part of an occluder or of another, or a passing mistake."""
    kinds = len(OCCLUDERS) - 1
    colour = list(COLOURS).index(track.colour)
    frames, height, width = track.masks.shape
    ring = np.stack([cv2.dilate(m.astype(np.uint8), np.ones((5, 5))) for m in track.masks]).astype(bool) & ~track.masks
    edge = max(ring.sum(), 1)
    others = [t for t in candidates if t is not track]
    touching = [(t.masks & ring).sum() / edge * min(t.area.sum() / max(track.area.sum(), 1), 1) for t in others]
    own = likelihoods[track.masks]
    scores = own[:, 1 + kinds :]
    rest = np.delete(scores, colour, 1).max(1)
    seen = np.flatnonzero(~np.isnan(track.box[:, 0]))
    box = track.box[seen]
    large = np.percentile(track.area, 80)
    fill = np.mean(track.area[seen] / ((box[:, 2] - box[:, 0] + 1) * (box[:, 3] - box[:, 1] + 1))) if len(seen) else 0.0
    ratio = np.log(np.median((box[:, 3] - box[:, 1] + 1) / (box[:, 2] - box[:, 0] + 1))) if len(seen) else 0.0
    at = (occluder & ring).sum() / edge
    return np.concatenate([[
        np.log(track.area.max() * 9216 / (height * width) + 1), np.log((large + 1) / (max(np.percentile(t.area, 80) for t in candidates) + 1)),
        np.mean(track.area > 0.3 * large), len(seen) / frames, at, max(touching, default=0.0), sum(touching), len(others),
        *np.tanh((scores[:, colour] - own[:, : 1 + kinds].max(1)).mean() / [2.0, 6.0]), np.tanh((scores[:, colour] - rest).mean() / 4), np.tanh((scores[:, colour] - own[:, 0]).mean() / 6),
        fill, ratio, abs(ratio), occluder.mean(), at * (track.colour == "brown"), np.nanmean(track.box[:, 3]) / height if len(seen) else 0.0, np.mean(track.cut[seen]) if len(seen) else 1.0,
    ], np.eye(len(COLOURS))[colour]])


def _track(colour, masks):
    frames, height, width = masks.shape
    box, centre, cut = np.full((frames, 4), np.nan), np.full((frames, 2), np.nan), np.zeros(frames, bool)
    masks = np.stack([_solid(mask) for mask in masks])
    extents = []
    for mask in masks:
        stats = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)[2][1:]
        if len(stats):
            extents.append(stats[stats[:, 4].argmax(), 2:4])
    usual = np.percentile(extents, 70, axis=0) if extents else np.zeros(2)
    for frame in range(frames):
        masks[frame] = _together(masks[frame], usual * SPREAD)
        rows, columns = np.nonzero(masks[frame])
        if len(rows) >= 12:
            box[frame] = columns.min(), rows.min(), columns.max(), rows.max()
            centre[frame] = columns.mean(), rows.mean()
            cut[frame] = columns.min() == 0 or rows.min() == 0 or columns.max() == width - 1 or rows.max() == height - 1
    return Track(colour, masks, masks.sum((1, 2)).astype(float), box, centre, cut)


def _solid(mask):
    """Without what is thin: seams where colours mix look like other things."""
    kernel = np.ones((3, 3), np.uint8)
    return cv2.dilate(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, kernel), kernel).astype(bool) & mask


def _together(mask, limit):
    """The largest part and those which lie, with it, within a width and height of `limit`: an occluder parts an object; what
    is farther away is something else."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    result = np.zeros_like(mask)
    box = None
    for part in sorted(range(1, count), key=lambda k: -stats[k, 4]):
        left, top, wide, tall, area = stats[part]
        union = (left, top, left + wide, top + tall)
        if box is not None:
            union = (min(box[0], union[0]), min(box[1], union[1]), max(box[2], union[2]), max(box[3], union[3]))
            if area < 8 or union[2] - union[0] > limit[0] or union[3] - union[1] > limit[1]:
                continue
        box = union
        result |= parts == part
    return result
