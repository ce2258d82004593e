"""What colours things have: which pixels are background, an occluder or an object of which colour.

Tables count how often each colour occurs on each thing in rendered frames, for objects and occluders by light. For the
background they count, by light, ground and the distance from the horizon, how far a colour is from the mean of its row: the
sky and the ground change from row to row more than they vary in one. A pixel gets the logarithm of its likelihood from each
(naive Bayes), averaged over its neighbours.
"""
import cv2
import numpy as np

from world.scene import COLOURS, GROUNDS, LIGHTS, OCCLUDERS

BINS = 32
BANDS = (-12, 0, 8, 24)
"""Rows from the horizon, of 96, that part the background into sky, hills, and three strips of ground."""
STEP = 8.0
"""Of 255: the width of a cell of the background's tables."""
RANGE = 60
FLOOR = -13.0


def binned(pixels):
    """The cell of each pixel's colour; the root gives dark colours more cells."""
    cells = (np.sqrt(np.arange(256) / 255.0) * (BINS - 0.01)).astype(np.int32)
    r, g, b = np.moveaxis(cells[pixels], -1, 0)
    return (r * BINS + g) * BINS + b


def apart(pixels, expected):
    """The cell of each pixel's distance from what is expected there."""
    r, g, b = np.moveaxis(((pixels.astype(np.float32) - expected) / STEP + BINS / 2).clip(0, BINS - 1).astype(np.int32), -1, 0)
    return (r * BINS + g) * BINS + b


def bands(horizon: float, size: int):
    """The band of each row."""
    return np.searchsorted(BANDS, (np.arange(size) - horizon) * 96 / size)


class Palette:
    def __init__(self, objects, occluders, background, profile):
        """Counts [lights, colours, cells], [lights, occluders, cells], [lights, grounds, bands, cells]; `profile`
        [lights, grounds, 2 * RANGE, 3], the background's mean colour by rows from the horizon."""
        self.counts = objects, occluders, background
        self.profile = profile
        self.objects, self.occluders, self.background = ({} for _ in range(3))

    @staticmethod
    def fit(truths, scenes):
        """Counts single frames."""
        cells = BINS**3
        objects = np.zeros((len(LIGHTS), len(COLOURS), cells), np.uint32)
        occluders = np.zeros((len(LIGHTS), len(OCCLUDERS) - 1, cells), np.uint32)
        background = np.zeros((len(LIGHTS), len(GROUNDS), len(BANDS) + 1, cells), np.uint32)
        profile = np.zeros((len(LIGHTS), len(GROUNDS), 2 * RANGE, 3))
        weight = np.zeros((len(LIGHTS), len(GROUNDS), 2 * RANGE, 1))
        for truth, scene in zip(truths, scenes):
            light, ground = LIGHTS.index(scene.light), GROUNDS.index(scene.ground)
            cell, labels, horizon = binned(truth.pixels[0]), truth.labels[0], truth.horizon[0]
            for index, thing in enumerate((scene.first, scene.second)):
                if thing:
                    colour = list(COLOURS).index(thing.colour)
                    objects[light, colour] += np.bincount(cell[labels == index + 1], minlength=cells).astype(np.uint32)
            if scene.occluder != "none":
                occluders[light, OCCLUDERS.index(scene.occluder) - 1] += np.bincount(cell[labels == 3], minlength=cells).astype(np.uint32)
            for row in range(len(labels)):
                at = int(round(row - horizon)) + RANGE
                free = labels[row] == 0
                if 0 <= at < 2 * RANGE and free.sum() > 40:
                    profile[light, ground, at] += np.median(truth.pixels[0][row][free], 0)
                    weight[light, ground, at] += 1
        palette = Palette(objects, occluders, background, profile / np.maximum(weight, 1))
        for truth, scene in zip(truths, scenes):
            light, ground = LIGHTS.index(scene.light), GROUNDS.index(scene.ground)
            labels, horizon = truth.labels[0], truth.horizon[0]
            cell = apart(truth.pixels[0], palette.expected(light, ground, horizon, len(labels))[:, None])
            rows = bands(horizon, len(labels))
            for band in range(len(BANDS) + 1):
                here = (labels == 0) & (rows == band)[:, None]
                background[light, ground, band] += np.bincount(cell[here], minlength=cells).astype(np.uint32)
        return palette

    def expected(self, light: int, ground: int, horizon: float, size: int):
        """[size, 3]: the background's mean colour in each row."""
        profile = self.profile[light, ground]
        filled = np.flatnonzero(profile.sum(-1) > 0)
        at = (np.arange(size) - horizon) * 96 / size + RANGE
        return np.stack([np.interp(at, filled, profile[filled, c]) for c in range(3)], -1).astype(np.float32)

    @staticmethod
    def _table(counts):
        cube = counts.astype(np.float32).reshape(BINS, BINS, BINS)
        kernel = np.array([0.2, 0.6, 0.2], np.float32)
        for axis in range(3):
            cube = _smooth(cube, axis, kernel)
        total = cube.sum()
        return np.maximum(np.log(cube.ravel() / max(total, 1) + 1e-12), FLOOR)

    def _get(self, cache, counts, key):
        if key not in cache:
            cache[key] = self._table(counts[key])
        return cache[key]

    def likelihoods(self, pixels, light: int, ground: int, horizon):
        """[T, H, W, 1 + occluders + colours], the logarithms, of clip pixels [T, H, W, 3]."""
        objects, occluders, background = self.counts
        tables = [self._get(self.occluders, occluders, (light, k)) for k in range(len(OCCLUDERS) - 1)]
        tables += [self._get(self.objects, objects, (light, k)) for k in range(len(COLOURS))]
        behind = [self._get(self.background, background, (light, ground, k)) for k in range(len(BANDS) + 1)]
        together = np.stack([np.zeros_like(tables[0]), *tables], -1)  # the likelihoods of a cell lie side by side
        result = together[binned(pixels)]
        for frame, row in enumerate(horizon):
            far = apart(pixels[frame], self.expected(light, ground, row, pixels.shape[1])[:, None])
            which = bands(row, len(far))
            for band in range(len(BANDS) + 1):
                result[frame, which == band, :, 0] = behind[band][far[which == band]]
        for frame in result:
            for begin in range(0, frame.shape[-1], 4):
                part = np.ascontiguousarray(frame[..., begin : begin + 4])
                frame[..., begin : begin + 4] = cv2.blur(part, (3, 3)).reshape(part.shape)
        return result

    def horizon(self, pixels, light: int, ground: int):
        """Row of the horizon in each frame: where the profile of the rows' medians fits best."""
        size = pixels.shape[1]
        step = 0.5
        profile = self.profile[light, ground]
        middle = np.median(pixels, axis=2).astype(np.float32)
        rows = np.arange(size) * 96 / size
        tried = np.arange(18, 62, step)
        filled = np.flatnonzero(profile.sum(-1) > 0)
        errors = np.empty((len(tried), len(pixels)))
        for index, row in enumerate(tried):
            at = rows - row + RANGE
            expected = np.stack([np.interp(at, filled, profile[filled, c]) for c in range(3)], -1)
            errors[index] = np.minimum(np.abs(middle - expected).sum(-1), 90).mean(1)
        best = errors.argmin(0)
        return tried[best] * size / 96

    def arrays(self):
        result = {"profile": self.profile.astype(np.float32)}
        for name, counts in zip(("objects", "occluders", "background"), self.counts):
            where = np.flatnonzero(counts)
            result[name + "_where"] = where.astype(np.uint32)
            result[name + "_count"] = np.minimum(counts.ravel()[where], 65535).astype(np.uint16)
        return result

    @staticmethod
    def of(arrays):
        counts = []
        for name, kinds in (("objects", (len(LIGHTS), len(COLOURS))), ("occluders", (len(LIGHTS), len(OCCLUDERS) - 1)), ("background", (len(LIGHTS), len(GROUNDS), len(BANDS) + 1))):
            full = np.zeros(int(np.prod(kinds)) * BINS**3, np.uint32)
            full[arrays[name + "_where"]] = arrays[name + "_count"]
            counts.append(full.reshape(*kinds, BINS**3))
        return Palette(*counts, arrays["profile"])


def _smooth(cube, axis, kernel):
    padded = np.pad(cube, [(1, 1) if a == axis else (0, 0) for a in range(3)])
    part = lambda begin: np.take(padded, np.arange(begin, begin + BINS), axis)
    return kernel[0] * part(0) + kernel[1] * part(1) + kernel[2] * part(2)
