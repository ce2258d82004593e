"""All that is estimated of one clip, from its pixels alone."""
import dataclasses
import pathlib

import cv2
import numpy as np

from evaluation import flow, gravity, objects, surroundings
from evaluation.discriminant import Discriminant
from evaluation.palette import Palette
from world.scene import GROUNDS, LIGHTS

FITTED = pathlib.Path(__file__).with_name("fitted.npz")
CONTACT = 0.25
"""Rows from the horizon to where objects stand, of the picture's height."""


@dataclasses.dataclass
class Measures:
    """`tracks` the objects, `sides` and `paths` of each; the rest are features, and what Estimators.judge makes of them."""

    pixels: np.ndarray
    light: str
    ground: str
    tracks: list
    occluder: np.ndarray
    horizon: np.ndarray
    flow: np.ndarray
    sides: list = dataclasses.field(default_factory=list)
    paths: list = dataclasses.field(default_factory=list)
    answers: dict = dataclasses.field(default_factory=dict)


DISCRIMINANTS = ("light", "ground", "thing", "shape", "motion", "camera")


class Estimators:
    """`palette`, and a discriminant for each of DISCRIMINANTS; one that is None is not fitted yet."""

    def __init__(self, palette, light, ground, thing=None, shape=None, motion=None, camera=None):
        self.palette, self.light, self.ground, self.thing = palette, light, ground, thing
        self.shape, self.motion, self.camera = shape, motion, camera

    @staticmethod
    def load(file=FITTED):
        arrays = np.load(file)
        return Estimators(Palette.of(arrays), *(Discriminant.of(arrays, name) for name in DISCRIMINANTS))

    def save(self, file=FITTED):
        arrays = self.palette.arrays()
        for name in DISCRIMINANTS:
            arrays |= getattr(self, name).arrays(name)
        np.savez_compressed(file, **arrays)

    def candidates(self, pixels):
        """What may be objects in pixels uint8 [T, H, W, 3], the largest first: (light, ground, horizon, occluders' mask,
        tracks, features of each track)."""
        seen = surroundings.features(pixels)
        light, ground = self.light.choose(seen), self.ground.choose(seen)
        where = LIGHTS.index(light), GROUNDS.index(ground)
        horizon = self.palette.horizon(pixels, *where)
        likelihoods = self.palette.likelihoods(pixels, *where, horizon)
        tracks, occluder = objects.find(likelihoods)
        return light, ground, horizon, occluder, tracks, [objects.features(t, tracks, occluder, likelihoods) for t in tracks]

    def see(self, pixels) -> Measures:
        """Finds things and movements in pixels uint8 [T, H, W, 3]."""
        return self.follow(pixels, *self.candidates(pixels))

    def follow(self, pixels, light, ground, horizon, occluder, tracks, features) -> Measures:
        """What see makes of candidates: those that are things of their own, or the likeliest, and the camera."""
        if tracks:
            own = self.thing.scores(features) @ [-1, 1]
            tracks = [t for t, score in zip(tracks, own) if score > min(0, own.max() - 1e-9)]
        things = occluder.copy()
        for track in tracks:
            things |= track.masks
        measures = Measures(pixels, light, ground, tracks, occluder, horizon, flow.camera(pixels, things, horizon))
        measures.sides = [free_sides(measures, track) for track in tracks]
        measures.paths = [path(measures, *of) for of in zip(tracks, measures.sides)]
        return measures

    def judge(self, pixels, rate: float) -> Measures:
        """Everything, as `answers`."""
        measures = self.see(pixels)
        answers = measures.answers
        answers["light"], answers["ground"] = measures.light, measures.ground
        answers["count"] = len(measures.tracks)
        answers["things"] = [(self.shape_of(pixels, *of), of[0].colour) for of in zip(measures.tracks, measures.sides)]
        answers["camera"] = self.camera.choose(camera_features(measures))
        if measures.tracks:
            answers["motion"] = self.motion.choose(motion_features(measures))
            across = sum(p[-1, 0] - p[0, 0] for p in measures.paths)
            answers["direction"] = "right" if across > 0 else "left"
            answers["gravity"] = gravity.fit(measures, rate)
            answers["crossing"] = crossing(measures)
        answers |= stability(measures)
        return measures

    def shape_of(self, pixels, track, sides):
        """By the features' means and by each of the frames that show most."""
        frames = best_frames(track, sides)
        rows = [form(pixels, track, frames), *(form(pixels, track, [f]) for f in frames)]
        scores = self.shape.scores(rows)
        return self.shape.classes[int((scores[0] + scores[1:].mean(0)).argmax())]


def path(measures, track, sides):
    """Where the object is against the ground, [T, 2]: columns of its middle, and rows of its foot below the horizon; gaps are
    bridged. Where something hides a side of it, or the picture ends, the other side and its usual size tell."""
    size = measures.pixels.shape[1]
    shift = measures.flow[:, 0] + measures.flow[:, 2] * CONTACT * size
    moved = np.concatenate([[0], np.cumsum(shift)])
    left, top, right, bottom = sides.T
    wide, tall = track.box[:, 2] - track.box[:, 0], track.box[:, 3] - track.box[:, 1]
    clear = track.area > 0.3 * track.area.max()
    column = _middle(left, right, wide, clear) - moved
    foot = _middle(top, bottom, tall, clear, 1.0) - measures.horizon
    return np.stack([_bridged(column, track.centre[:, 0] - moved), _bridged(foot, track.box[:, 3] - measures.horizon)], -1) * 96 / size


def free_sides(measures, track):
    """The track's boxes [T, 4] with NaN for each side that the picture's edge, an occluder or another object cuts off."""
    result = track.box.copy()
    frames, height, width = track.masks.shape
    kernel = np.ones((3, 3), np.uint8)
    for frame in np.flatnonzero(~np.isnan(track.box[:, 0])):
        hiding = cv2.morphologyEx(measures.occluder[frame].astype(np.uint8), cv2.MORPH_OPEN, kernel)
        for other in measures.tracks:
            if other is not track:
                hiding |= other.masks[frame].astype(np.uint8)
        left, top, right, bottom = (int(v) for v in track.box[frame])
        mask = track.masks[frame]
        outer = (
            (left == 0, mask[:, left : left + 2].any(1), hiding[:, max(left - 3, 0) : left + 1].any(1)),
            (top == 0, mask[top : top + 2].any(0), hiding[max(top - 3, 0) : top + 1].any(0)),
            (right == width - 1, mask[:, right - 1 : right + 1].any(1), hiding[:, right : right + 4].any(1)),
            (bottom == height - 1, mask[bottom - 1 : bottom + 1].any(0), hiding[bottom : bottom + 4].any(0)),
        )
        for side, (end, edge, near) in enumerate(outer):
            if end or (edge & near).sum() > 0.34 * edge.sum():
                result[frame, side] = np.nan
    return result


def _middle(low, high, shown, clear, share=0.5):
    """low + share * (high - low); where one of the two is NaN, by the usual difference: that of the frames that are `clear`
    and have both, interpolated over time, or the largest of those `shown`."""
    extent = high - low
    known = np.flatnonzero(~np.isnan(extent) & clear)
    if len(known):
        usual = np.interp(np.arange(len(low)), known, cv2.medianBlur(extent[known].astype(np.float32).reshape(1, -1), 3).ravel())
    else:
        usual = np.full(len(low), np.nanpercentile(shown, 90))
    extent = np.where(np.isnan(extent), usual, extent)
    return np.where(np.isnan(low), high - (1 - share) * extent, low + share * extent)


def _bridged(values, otherwise):
    """`values` without gaps; `otherwise` where all are NaN."""
    known = np.flatnonzero(~np.isnan(values))
    if len(known) < 2:
        values, known = otherwise, np.flatnonzero(~np.isnan(otherwise))
    return np.interp(np.arange(len(values)), known, values[known])


def crop(image, box, side):
    left, top, right, bottom = (int(value) for value in box)
    return cv2.resize(image[top : bottom + 1, left : right + 1], (side, side), interpolation=cv2.INTER_AREA)


def best_frames(track, sides, count=7):
    """The frames that show most of the object, whole ones before ones that something cuts off."""
    area = np.where(np.isnan(track.box[:, 0]), 0, track.area) * np.where(np.isnan(sides).any(1), 0.5, 1.0)
    return [f for f in np.argsort(-area)[:count] if area[f] > 0.6 * area.max()]


def form(pixels, track, frames):
    """Features of an object's outline and shading, the mean of those of `frames`."""
    result = []
    for frame in frames:
        # an object that is lit from aside can be seen in two parts
        mask = cv2.morphologyEx(track.masks[frame].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3))).astype(np.float32)
        left, top, right, bottom = (int(v) for v in track.box[frame])
        tall, wide = bottom - top + 1, right - left + 1
        grey = np.sqrt(pixels[frame].astype(np.float32)).mean(-1)
        inside = grey[mask > 0]
        grey = (grey - inside.mean()) / (inside.std() + 0.3) * mask
        hull = cv2.convexHull(np.argwhere(mask > 0).astype(np.int32))
        solid = mask.sum() / max(cv2.contourArea(hull), 1)
        ratio = np.log(tall / wide)
        part = mask[top : bottom + 1, left : right + 1]
        grid = crop(mask, track.box[frame], 8)
        widths = grid.mean(1)
        left_edge, right_edge = grid[:, :3].sum(1), grid[:, 5:].sum(1)
        # how far the outline is from the box: above and below in each of eight columns, aside in each of eight rows
        above, below = (_edges(part, axis=0, groups=8) / wide for part in (part, part[::-1]))
        aside = (_edges(part, axis=1, groups=8) + _edges(part[:, ::-1], axis=1, groups=8)) / wide
        shade = crop(grey, track.box[frame], 6)
        step = np.abs(np.diff(crop(grey, track.box[frame], 12), axis=1))[2:10].mean(0)
        result.append(np.concatenate([
            grid.ravel(), shade.ravel(), np.abs(np.diff(shade, axis=1)).mean(0), [inside.std()], widths, widths**2 / 8,
            _folded(above), _folded(below), aside, _folded(step), [step.max(), step.max() / (step.mean() + 0.02)],
            [abs(left_edge - right_edge).mean(), grid[0, 0] + grid[0, 7], grid[7, 0] + grid[7, 7], grid[7, 0] * grid[7, 7], grid[0, 0] * grid[0, 7],
             ratio, abs(ratio), solid, mask.sum() / (tall * wide), widths[0] / (widths[-1] + 0.1)]]))
    return np.mean(result, 0)


def _edges(part, axis, groups):
    """The mean way from the box to the outline along `axis`, in `groups` strips, in pixels."""
    first = np.where(part.any(axis), part.argmax(axis), part.shape[axis] / 2).astype(np.float32)
    return cv2.resize(first.reshape(1, -1), (groups, 1), interpolation=cv2.INTER_AREA).ravel()


def _folded(values):
    """What is the same and what differs between the left and the right half."""
    half = len(values) // 2
    left, right = values[:half], values[::-1][:half]
    return np.concatenate([left + right, np.abs(left - right)])


LAGS = (1, 2, 3, 5, 8)
"""Frames between which an object's inside is compared: some do not fit to a quarter of a turn."""


def turning(measures, track):
    """How much the object's inside changes in LAGS frames, its place and size taken out: twice len(LAGS) numbers, relative to
    its contrast and in absolute brightness."""
    inside = []
    for frame in range(len(track.box)):
        if np.isnan(track.box[frame, 0]) or track.cut[frame] or track.area[frame] < 0.7 * track.area.max():
            inside.append(None)
            continue
        inside.append(crop(np.sqrt(measures.pixels[frame].astype(np.float32)), track.box[frame], 22)[2:-2, 2:-2])
    result = []
    for lag in LAGS:
        changes = []
        for one, two in zip(inside, inside[lag:]):
            if one is None or two is None:
                continue
            middle = one[3:-3, 3:-3] - one[3:-3, 3:-3].mean((0, 1))
            # boxes are whole pixels: the best of small shifts
            least = min(np.abs(middle - (part - part.mean((0, 1)))).mean() for part in (two[dy : dy + 12, dx : dx + 12] for dy in (2, 3, 4) for dx in (2, 3, 4)))
            changes.append((least / (np.abs(middle).mean() + 0.1), least))
        result.append(np.median(changes, 0) if changes else (np.nan, np.nan))
    relative, absolute = np.array(result).T
    for values, usual in ((relative, 0.4), (absolute, 0.2)):
        known = ~np.isnan(values)
        values[~known] = values[known].mean() if known.any() else usual
    return np.concatenate([relative, absolute])


def motion_features(measures):
    tracks, paths = measures.tracks, measures.paths
    frames = len(paths[0])
    every = measures.sides
    across = [p[-1, 0] - p[0, 0] for p in paths]
    down = [np.ptp(p[:, 1]) for p in paths]
    main = int(np.argmax([abs(a) + 1.5 * d for a, d in zip(across, down)]))
    x, y = paths[main].T
    turns = np.log(np.array([turning(measures, t) for t in tracks]) + 0.02)
    at = np.linspace(0, frames - 1, 9)
    series = np.interp(at, np.arange(frames), y)
    speed = np.diff(np.interp(at, np.arange(frames), x)) * np.sign(across[main] or 1)
    seen = ~np.isnan(tracks[main].box[:, 0])
    known = ~np.isnan(every[main]).any(1)
    others = [abs(a) for i, a in enumerate(across) if i != main]
    other = max(others, default=0.0)
    zoom = measures.flow[:, 3].sum() * 50
    sizes = np.log(max(tracks[main].area[-4:].mean(), 20) / max(tracks[main].area[:4].mean(), 20))
    arc = np.polyfit(np.linspace(-1, 1, frames), y, 2)[::-1]
    return np.concatenate([
        series / 10, np.diff(series) / 4, np.abs(np.diff(series)) / 4, speed / 4, np.tanh(speed / 3),
        [abs(across[main]) / 20, np.tanh(abs(across[main]) / 8), np.tanh(abs(across[main]) / 20), np.tanh(other / 4), other / 10, min(len(tracks), 2),
         down[main] / 10, np.tanh(down[main] / 5), arc[1] / 10, arc[2] / 10, np.ptp(x) / 20, np.abs(np.diff(y)).sum() / 20, np.tanh(np.abs(np.diff(y)).sum() / 10)],
        turns.max(0), turns[main],
        [abs(zoom), zoom, np.mean(~seen[: frames // 3]), np.mean(~seen), np.mean(known), measures.occluder.mean() * 5, abs(measures.flow[:, 0].sum()) / 30, abs(measures.flow[:, 2].sum()), sizes],
    ])


def camera_features(measures):
    size = measures.pixels.shape[1]
    total = measures.flow.sum(0) * [96 / size, 96 / size, 1.0, size / 96]
    aside = total[2] * CONTACT * 96
    grow = [0.0]
    for t in measures.tracks:
        full = np.flatnonzero(~t.cut & ~np.isnan(t.box[:, 0]))
        if len(full) > 5:
            height = t.box[full, 3] - t.box[full, 1] + 1
            grow.append(np.polyfit(full / len(t.box), np.log(height), 1)[0])
    grow = np.median(grow[1:]) if len(grow) > 1 else 0.0
    pan, tilt, zoom = total[0], total[1], total[3] * 100
    still = np.tanh([abs(pan) / 5, abs(tilt) / 5, abs(aside) / 6, abs(zoom) / 0.6])
    return np.concatenate([[pan / 10, tilt / 10, aside / 10, (pan + aside) / 10, zoom, grow], np.tanh([pan / 5, tilt / 5, aside / 6, zoom / 0.6, grow / 0.3]), still, [abs(pan) / 20, abs(aside) / 20, abs(pan + aside) / 20]])


def crossing(measures):
    """Whether the first object passes behind an occluder and goes on: a dict of what was seen."""
    track, where = measures.tracks[0], measures.paths[0][:, 0]
    whole = np.percentile(track.area, 90)
    clear = (track.area > 0.75 * whole) & ~np.isnan(track.box[:, 0])
    area = np.where(np.isnan(track.box[:, 0]), 0, track.area)
    # hidden: little is seen although the picture's edge is not what cuts it off
    hidden = np.flatnonzero((area < 0.85 * whole) & ~track.cut)
    seen = np.flatnonzero(area > 0.25 * whole)
    # comes out again: more of it is seen both before and after
    around = any(min(area[:h].max(), area[h + 1 :].max()) > max(area[h] / 0.85, 0.35 * whole) for h in hidden if 0 < h < len(area) - 1)
    used = np.flatnonzero(clear | (area > 0.5 * whole))
    rest = np.inf
    if len(used) >= 4:
        rest = np.median(np.abs(np.polyval(np.polyfit(used, where[used], 2), used) - where[used]))
    return {"hidden": bool(len(hidden)), "around": bool(around), "rest": float(rest), "across": float(where[seen[-1]] - where[seen[0]]) if len(seen) else 0.0}


def stability(measures):
    """Drift of the first object's colour (0 to 255) and size (logarithm of its width), flicker of the background (0 to 255)."""
    answer = {}
    pixels = measures.pixels.astype(np.float32)
    if measures.tracks:
        track = measures.tracks[0]
        full = [f for f in range(len(track.area)) if not track.cut[f] and track.area[f] > 0.7 * track.area.max()]
        if len(full) >= 6:
            colours = np.array([np.median(pixels[f][track.masks[f]], 0) for f in full])
            third = len(full) // 3
            answer["colour drift"] = float(np.linalg.norm(colours[-third:].mean(0) - colours[:third].mean(0)))
            widths = np.sqrt(track.area[full])
            answer["size drift"] = float(abs(np.log(widths[-third:].mean() / widths[:third].mean())))
    free = ~measures.occluder
    for track in measures.tracks:
        free &= ~np.stack([cv2.dilate(m.astype(np.uint8), np.ones((9, 9))) for m in track.masks]).astype(bool)
    free = free[2:] & free[1:-1] & free[:-2]
    jump = np.abs(pixels[2:] - 2 * pixels[1:-1] + pixels[:-2]).mean(-1) / 2
    answer["flicker"] = float(jump[free].mean()) if free.any() else None
    return answer
