"""What is computed from the pixels of a clip: surroundings, the track of an object, its outline, how the background flows."""
import dataclasses

import cv2
import numpy

from evaluation.colours import LEAST, NAMES, largest

CELLS = 4
POINTS = 9


def surroundings(pixels):
    """Colours of the sky and of the ground, [15], from the edges of the picture."""
    height = pixels.shape[1]
    edge = max(2, height // 12)
    strips = pixels[:, :edge], pixels[:, -edge:], pixels[:, height // 4 : height // 4 + edge]
    medians = [numpy.median(strip.reshape(-1, 3), 0) / 255 for strip in strips]
    return numpy.concatenate([*medians, medians[0] ** 2, medians[1] ** 2])


@dataclasses.dataclass(frozen=True)
class Track:
    """Of one object, a row for each frame, all in widths of the picture: `centre` [T, 2] (column, row), `box` [T, 4] (left, top,
    right, bottom), `area` [T] as a share of the picture, 0 where it is not seen; `masks` [T, H, W]."""

    centre: numpy.ndarray
    box: numpy.ndarray
    area: numpy.ndarray
    masks: numpy.ndarray

    @property
    def seen(self):
        return self.area > 0


def track(chance):
    """The largest region of each frame in which `chance` [T, H, W] is above a half."""
    frames, height, width = chance.shape
    least = LEAST * width * width / 96 / 96
    centre, box = numpy.zeros((frames, 2)), numpy.zeros((frames, 4))
    area, masks = numpy.zeros(frames), numpy.zeros(chance.shape, bool)
    for t in range(frames):
        mask = largest(cv2.GaussianBlur(chance[t], (3, 3), 0) > 0.5, least)
        if mask is None:
            continue
        rows, columns = numpy.nonzero(mask)
        centre[t] = columns.mean() / width, rows.mean() / width
        box[t] = columns.min() / width, rows.min() / width, (columns.max() + 1) / width, (rows.max() + 1) / width
        area[t], masks[t] = mask.sum() / width / width, mask
    return Track(centre, box, area, masks)


def outline(pixels, found: Track):
    """Shape of the object where it is seen best, [23]: widths at eight heights, fill, proportions, brightness on a 3×3 grid."""
    best = [t for t in numpy.argsort(-found.area)[:6] if found.seen[t]]
    height, width = found.masks.shape[1:]
    rows = []
    for t in best:
        left, top, right, bottom = (numpy.round(found.box[t] * width)).astype(int)
        if left <= 0 or top <= 0 or right >= width or bottom >= height:
            continue
        mask = found.masks[t, top:bottom, left:right].astype(numpy.float32)
        light = pixels[t, top:bottom, left:right].mean(-1).astype(numpy.float32)
        shape = cv2.resize(mask, (8, 8), interpolation=cv2.INTER_AREA)
        level = light[mask > 0].mean() + 1
        grid = cv2.resize(numpy.where(mask > 0, light, level), (3, 3), interpolation=cv2.INTER_AREA) / level
        corners = shape[0, 0], shape[0, 7], shape[7, 0], shape[7, 7]
        rows.append([*shape.mean(1), mask.mean(), (bottom - top) / (right - left), *corners, *grid.ravel()])
    return numpy.median(rows, 0) if rows else None


def flow(pixels, found: Track | None):
    """The way of the background in each of 4×4 cells, summed over the clip and over its halves, [64], in pixels of a hundred:
    Farnebäck's dense optical flow without the object's surroundings."""
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in pixels]
    grey = [cv2.createCLAHE(4.0, (4, 4)).apply(frame) for frame in grey]
    frames, (height, width) = len(grey), grey[0].shape
    total = numpy.zeros((2, CELLS, CELLS, 2))
    for t in range(frames - 1):
        moved = cv2.calcOpticalFlowFarneback(grey[t], grey[t + 1], None, 0.5, 3, 15, 3, 5, 1.2, 0)
        weight = numpy.hypot(*numpy.gradient(grey[t].astype(numpy.float32))) + 0.01
        if found is not None:
            for at in (t, t + 1):
                weight[cv2.dilate(found.masks[at].astype(numpy.uint8), numpy.ones((9, 9))) > 0] = 1e-4
        for row in range(CELLS):
            for column in range(CELLS):
                cell = numpy.s_[row * height // CELLS : (row + 1) * height // CELLS, column * width // CELLS : (column + 1) * width // CELLS]
                total[int(2 * t >= frames - 1), row, column] += (moved[cell] * weight[cell][..., None]).sum((0, 1)) / weight[cell].sum()
    return numpy.concatenate([total[0].ravel(), total[1].ravel()]) * 100 / width


def movement(found: Track, background):
    """How the object moves against the picture and the background, [59]; None where it is seen in fewer than three frames."""
    seen = numpy.nonzero(found.seen)[0]
    if len(seen) < 3:
        return None
    frames = len(found.area)
    at = numpy.linspace(0, frames - 1, POINTS)
    x, y, low = (numpy.interp(at, seen, values[seen]) for values in (found.centre[:, 0], found.centre[:, 1], found.box[:, 3]))
    size = numpy.interp(at, seen, numpy.sqrt(found.area[seen]))
    upper, lower = (background.reshape(2, CELLS, CELLS, 2)[:, part].mean((1, 2)).sum(0) / 100 for part in (numpy.s_[:2], numpy.s_[2:]))
    rise, step = numpy.diff(low), numpy.diff(x)
    turns = numpy.abs(numpy.diff(numpy.sign(numpy.where(numpy.abs(rise) < 0.01, 0, rise)))).sum()
    return numpy.concatenate([
        x - x.mean(), low - low.mean(), numpy.log(size / size.mean() + 1e-3),
        [x[-1] - x[0], abs(x[-1] - x[0]), numpy.abs(step).sum(), low[-1] - low[0], numpy.ptp(low), numpy.abs(rise).sum(), turns,
         low.min(), low.max(), x[0], x[-1], size.mean(), size[-1] / size[0], found.seen.mean(), found.seen[:2].mean(), found.seen[-2:].mean(),
         x[-1] - x[0] - upper[0], x[-1] - x[0] - lower[0], abs(x[-1] - x[0] - upper[0]), abs(x[-1] - x[0] - lower[0]),
         low[-1] - low[0] - upper[1], numpy.ptp(low) ** 0.5, numpy.diff(low, 2).std(), numpy.diff(x, 2).std(), numpy.abs(rise).max()],
        [y[0] - y.mean(), y[-1] - y.mean()], upper, lower, [len(seen) / frames],
    ])


def turning(pixels, found: Track):
    """How much the object's own picture changes when its way is taken out, [3]."""
    changes, last = [], None
    width = pixels.shape[2]
    for t in numpy.nonzero(found.seen)[0]:
        left, top, right, bottom = numpy.round(found.box[t] * width).astype(int)
        patch = cv2.resize(pixels[t, top:bottom, left:right].astype(numpy.float32), (12, 12), interpolation=cv2.INTER_AREA)
        patch = patch / (patch.mean() + 1)
        if last is not None:
            changes.append(numpy.abs(patch - last).mean())
        last = patch
    return numpy.array([numpy.mean(changes), numpy.median(changes), numpy.max(changes)]) if changes else numpy.zeros(3)


def descent(found: Track, rate: float):
    """Acceleration downwards in object widths/s² by a parabola through the first fall, or None where fewer than four frames
    show the whole object falling."""
    seen = numpy.nonzero(found.seen & (found.box[:, 1] > 0.01))[0]
    if len(seen) < 4:
        return None
    low = found.box[seen, 3]
    end = next((i for i in range(1, len(seen)) if i + 1 == len(seen) or low[i + 1] < low[i] + 0.004), None)
    chosen = seen[: end + 1] if end else []
    if len(chosen) < 4 or chosen[-1] - chosen[0] + 1 != len(chosen):
        return None
    # the last frame may already be the ground
    chosen = chosen[:-1] if len(chosen) > 4 else chosen
    widths = found.box[chosen, 2] - found.box[chosen, 0]
    return float(2 * numpy.polyfit(chosen / rate, found.centre[chosen, 1], 2)[0] / numpy.median(widths))


def dominant(chances):
    """Names of the colours by how much of the clip they cover, and that share in widths²."""
    areas = chances.sum((1, 2, 3)) / chances.shape[1] / chances.shape[3] ** 2
    order = numpy.argsort(-areas)
    return [NAMES[i] for i in order], areas[order]
