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
    """`tracks` the objects; the rest are features, and what Estimators.judge makes of them."""

    pixels: np.ndarray
    light: str
    ground: str
    tracks: list
    occluder: np.ndarray
    horizon: np.ndarray
    flow: np.ndarray
    paths: list = dataclasses.field(default_factory=list)
    answers: dict = dataclasses.field(default_factory=dict)


class Estimators:
    def __init__(self, palette, light, ground, shape=None, motion=None, camera=None):
        self.palette, self.light, self.ground = palette, light, ground
        self.shape, self.motion, self.camera = shape, motion, camera

    @staticmethod
    def load(file=FITTED):
        arrays = np.load(file)
        return Estimators(Palette.of(arrays), *(Discriminant.of(arrays, name) for name in ("light", "ground", "shape", "motion", "camera")))

    def save(self, file=FITTED):
        arrays = self.palette.arrays()
        for name in ("light", "ground", "shape", "motion", "camera"):
            arrays |= getattr(self, name).arrays(name)
        np.savez_compressed(file, **arrays)

    def see(self, pixels) -> Measures:
        """Finds things and movements in pixels uint8 [T, H, W, 3]."""
        seen = surroundings.features(pixels)
        light, ground = self.light.choose(seen), self.ground.choose(seen)
        where = LIGHTS.index(light), GROUNDS.index(ground)
        horizon, _ = self.palette.horizon(pixels, *where)
        tracks, occluder = objects.find(self.palette.likelihoods(pixels, *where, horizon))
        things = occluder.copy()
        for track in tracks:
            things |= track.masks
        measures = Measures(pixels, light, ground, tracks, occluder, horizon, flow.camera(pixels, things, horizon))
        measures.paths = [path(measures, track) for track in tracks]
        return measures

    def judge(self, pixels, rate: float) -> Measures:
        """Everything, as `answers`."""
        measures = self.see(pixels)
        answers = measures.answers
        answers["light"], answers["ground"] = measures.light, measures.ground
        answers["count"] = len(measures.tracks)
        answers["things"] = [(self.shape.choose(form(pixels, t)), t.colour) for t in measures.tracks]
        answers["camera"] = self.camera.choose(camera_features(measures))
        if measures.tracks:
            answers["motion"] = self.motion.choose(motion_features(measures))
            across = sum(p[-1, 0] - p[0, 0] for p in measures.paths)
            answers["direction"] = "right" if across > 0 else "left"
            answers["gravity"] = gravity.fit(measures, rate)
            answers["crossing"] = crossing(measures)
        answers |= stability(measures)
        return measures


def path(measures, track):
    """Where the object is against the ground, [T, 2]: columns, and rows of its foot below the horizon; gaps are bridged."""
    size = measures.pixels.shape[1]
    shift = measures.flow[:, 0] + measures.flow[:, 2] * CONTACT * size
    moved = np.concatenate([[0], np.cumsum(shift)])
    seen = np.flatnonzero(~np.isnan(track.box[:, 0]))
    times = np.arange(len(track.box))
    column = np.interp(times, seen, track.centre[seen, 0] - moved[seen])
    foot = np.interp(times, seen, track.box[seen, 3] - measures.horizon[seen])
    return np.stack([column, foot], -1) * 96 / size


def crop(image, box, side):
    left, top, right, bottom = (int(value) for value in box)
    return cv2.resize(image[top : bottom + 1, left : right + 1], (side, side), interpolation=cv2.INTER_AREA)


def best_frames(track, count=7):
    """The frames that show most of the object."""
    area = np.where(np.isnan(track.box[:, 0]), 0, track.area) * np.where(track.cut, 0.3, 1.0)
    return [f for f in np.argsort(-area)[:count] if area[f] > 0.6 * area.max()]


def form(pixels, track, only=None):
    """Features of an object's outline and shading: coverage and brightness on a grid of its bounding box, and its ratio."""
    result = []
    for frame in best_frames(track) if only is None else only:
        mask = track.masks[frame].astype(np.float32)
        left, top, right, bottom = track.box[frame]
        grey = np.sqrt(pixels[frame].astype(np.float32)).mean(-1)
        inside = grey[mask > 0]
        grey = (grey - inside.mean()) / (inside.std() + 0.3) * mask
        hull = cv2.convexHull(np.argwhere(mask > 0).astype(np.int32))
        solid = mask.sum() / max(cv2.contourArea(hull), 1)
        ratio = np.log((bottom - top + 1) / (right - left + 1))
        grid = crop(mask, track.box[frame], 8)
        widths = grid.mean(1)
        left_edge, right_edge = grid[:, :3].sum(1), grid[:, 5:].sum(1)
        shade = crop(grey, track.box[frame], 6)
        result.append(np.concatenate([grid.ravel(), shade.ravel(), np.abs(np.diff(shade, axis=1)).mean(0), [inside.std()], widths, widths**2 / 8, [
            abs(left_edge - right_edge).mean(), grid[0, 0] + grid[0, 7], grid[7, 0] + grid[7, 7], grid[7, 0] * grid[7, 7], grid[0, 0] * grid[0, 7],ratio, abs(ratio), solid, mask.sum() / ((bottom - top + 1) * (right - left + 1)), widths[0] / (widths[-1] + 0.1)]]))
    return np.mean(result, 0) if result else np.zeros(64 + 36 + 5 + 1 + 16 + 10)


def turning(measures, track):
    """How much the object's inside changes from frame to frame, its place and size taken out."""
    inside = []
    for frame in range(len(track.box)):
        if np.isnan(track.box[frame, 0]) or track.cut[frame] or track.area[frame] < 0.7 * track.area.max():
            inside.append(None)
            continue
        grey = np.sqrt(measures.pixels[frame].astype(np.float32)).mean(-1)
        part = crop(grey, track.box[frame], 20)[3:-3, 3:-3]
        inside.append((part - part.mean()) / (np.abs(part - part.mean()).mean() + 0.15))
    changes = [np.abs(a - b).mean() for a, b in zip(inside, inside[1:]) if a is not None and b is not None]
    far = [np.abs(a - b).mean() for a, b in zip(inside, inside[3:]) if a is not None and b is not None]
    return [np.median(values) if values else 0.15 for values in (changes, far)]


def motion_features(measures):
    tracks, paths = measures.tracks, measures.paths
    across = [p[-1, 0] - p[0, 0] for p in paths]
    down = [np.ptp(p[:, 1]) for p in paths]
    main = int(np.argmax([abs(a) + 1.5 * d for a, d in zip(across, down)]))
    y = paths[main][:, 1]
    turn = np.max([turning(measures, t) for t in tracks], 0)
    series = np.interp(np.linspace(0, len(y) - 1, 9), np.arange(len(y)), y)
    seen = ~np.isnan(tracks[main].box[:, 0])
    others = [abs(a) for i, a in enumerate(across) if i != main]
    other = max(others, default=0.0)
    zoom = measures.flow[:, 3].sum() * 50
    sizes = [np.log(max(t.area[-4:].mean(), 20) / max(t.area[:4].mean(), 20)) for t in tracks]
    return np.concatenate([
        series / 10, np.diff(series) / 4, np.abs(np.diff(series)) / 4,
        [abs(across[main]) / 20, np.tanh(abs(across[main]) / 8), np.tanh(abs(across[main]) / 20), np.tanh(other / 4), other / 10, min(len(tracks), 2), down[main] / 10, np.tanh(down[main] / 5),
         *np.log(turn + 0.02), abs(zoom), zoom, np.mean(~seen[: len(seen) // 3]), abs(measures.flow[:, 0].sum()) / 30, abs(measures.flow[:, 2].sum()), sizes[main]],
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
        rest = np.abs(np.polyval(np.polyfit(used, where[used], 2), used) - where[used]).mean()
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
