"""Decides what a clip shows. Everything that is fitted is fitted on clips that the renderer draws."""
import dataclasses
import pickle

import numpy

from evaluation.colours import NAMES, ColourTables
from evaluation.discriminant import Discriminant
from evaluation.measure import descent, dominant, flow, movement, outline, surroundings, track, turning
from evaluation.prompts import FITTED, scenes
from world.renderer import render
from world.scene import GROUNDS, LIGHTS

MOVEMENT = 66
"""Features of a movement."""


@dataclasses.dataclass(frozen=True)
class Findings:
    """What is seen in a clip, None where it cannot be told. `colours` are all by the share that they cover; `early` and `late`
    are the colours of the object before and after the middle; `areas` [T] is its share of the picture; `way` the columns
    that it moves to the right, in widths; `acceleration` downwards in object widths/s²; `colour_drift` and `size_drift` are
    standard deviations over time of its mean colour, in levels, and of the logarithm of its width; `flicker` is the mean
    change of the background from frame to frame, in levels."""

    light: str
    ground: str
    colours: tuple[str, ...]
    count: str
    shape: str | None
    motion: str | None
    direction: str | None
    camera: str
    areas: numpy.ndarray
    early: str | None
    late: str | None
    way: float | None
    acceleration: float | None
    colour_drift: float | None
    size_drift: float | None
    flicker: float


class Estimators:
    """Fitted for one size and length of clips."""

    def __init__(self, frames, rate, height, width, fitted=900):
        self.frames, self.rate = frames, rate
        self.tables = ColourTables()
        chosen = scenes(FITTED, fitted)
        clips = []
        for begin in range(0, fitted, 8):
            drawn = render(chosen[begin : begin + 8], frames, rate, height, width)
            for i, scene in enumerate(chosen[begin : begin + 8]):
                pixels = drawn.pixels[i].numpy()
                self.tables.count(scene, pixels, drawn.labels[i].numpy())
                clips.append(pixels)
        self.tables.finish()
        place = [surroundings(pixels) for pixels in clips]
        self.light = Discriminant(place, [s.light for s in chosen])
        self.ground = Discriminant([numpy.concatenate([p, self._one(s.light)]) for p, s in zip(place, chosen)], [s.ground for s in chosen])
        raw = [self._features(pixels, self._about(s)) for pixels, s in zip(clips, chosen)]

        def fit(feature, name, where=lambda scene: True):
            pairs = [(r[feature], name(s)) for r, s in zip(raw, chosen) if r[feature] is not None and where(s)]
            return Discriminant([p for p, _ in pairs], [n for _, n in pairs])

        self.count = fit("count", lambda s: "two" if s.second else "one")
        self.shape = fit("outline", lambda s: s.first.shape)
        self.motion = fit("movement", lambda s: s.motion)
        self.direction = fit("movement", lambda s: s.direction, lambda s: s.direction)
        self.camera = fit("camera", lambda s: s.camera)

    @staticmethod
    def _about(scene):
        """With two objects, it is the first that is looked at; with one, the colour is found."""
        return scene.first.colour if scene.second else None

    @staticmethod
    def _one(light):
        return numpy.eye(len(LIGHTS))[LIGHTS.index(light)]

    def _place(self, pixels):
        place = surroundings(pixels)
        light = self.light.decide(place)
        return light, self.ground.decide(numpy.concatenate([place, self._one(light)]))

    def _features(self, pixels, colour):
        light, ground = self._place(pixels)
        chances = self.tables.chances(pixels, LIGHTS.index(light), GROUNDS.index(ground))
        names, areas = dominant(chances)
        first = colour or names[0]
        other = next(name for name in names if name != first)
        found, second = track(chances[NAMES.index(first)]), track(chances[NAMES.index(other)])
        background = flow(pixels, found)
        moved = movement(found, background)
        beside = numpy.zeros(4)
        if second.seen.sum() >= 3:
            at = numpy.nonzero(second.seen)[0]
            x = second.centre[at, 0]
            beside = numpy.array([x[-1] - x[0], abs(x[-1] - x[0]), second.area.mean() / (found.area.mean() + 1e-4), second.seen.mean()])
        if moved is not None:
            moved = numpy.concatenate([moved, turning(pixels, found), beside])
        shares = areas / (areas[0] + 1e-6)
        return {
            "light": light, "ground": ground, "names": names, "chances": chances, "track": found, "movement": moved,
            "outline": outline(pixels, found),
            "count": numpy.array([*shares[1:4], areas[0], areas[1], second.area.max(), numpy.median(second.area), second.seen.mean()]),
            "camera": numpy.concatenate([background, moved if moved is not None else numpy.zeros(MOVEMENT)]),
        }

    def examine(self, pixels, about=None) -> Findings:
        """`pixels` uint8 [T, H, W, 3]; `about` is the scene where the object to look at must be named: with two of them."""
        raw = self._features(pixels, about and self._about(about))
        found = raw["track"]
        half = len(found.area) // 2
        moved = raw["movement"]
        seen = numpy.nonzero(found.seen)[0]
        colours = numpy.array([pixels[t][found.masks[t]].mean(0) for t in seen]) if len(seen) else None
        whole = [t for t in seen if found.box[t, 0] > 0.01 and found.box[t, 2] < 0.99]
        wide = found.box[whole, 2] - found.box[whole, 0] if len(whole) > 2 else None

        def main_colour(part):
            names, areas = dominant(raw["chances"][:, part])
            return names[0] if areas[0] * len(found.area) > 0.004 else None

        changes = []
        for t in range(len(pixels) - 1):
            outside = ~(found.masks[t] | found.masks[t + 1])
            changes.append(numpy.abs(pixels[t + 1].astype(int) - pixels[t])[outside].mean())
        return Findings(
            light=raw["light"], ground=raw["ground"], colours=tuple(raw["names"]), count=self.count.decide(raw["count"]),
            shape=None if raw["outline"] is None else self.shape.decide(raw["outline"]),
            motion=None if moved is None else self.motion.decide(moved),
            direction=None if moved is None else self.direction.decide(moved),
            camera=self.camera.decide(raw["camera"]), areas=found.area,
            early=main_colour(numpy.s_[:half]), late=main_colour(numpy.s_[half + 1 :]),
            way=float(found.centre[seen[-1], 0] - found.centre[seen[0], 0]) if len(seen) > 2 else None,
            acceleration=descent(found, self.rate),
            colour_drift=float(colours.std(0).mean()) if len(seen) > 2 else None,
            size_drift=float(numpy.log(wide).std()) if wide is not None else None,
            flicker=float(numpy.mean(changes)),
        )


def fitted(path, *format_, **options) -> Estimators:
    """The estimators for a format, read from `path` if they were fitted before."""
    if path.exists():
        return pickle.loads(path.read_bytes())
    made = Estimators(*format_, **options)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made
