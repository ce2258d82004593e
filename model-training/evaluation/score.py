"""Compares what is seen in clips with what their scenes say."""
import numpy

from world.motion import GRAVITY

WIDTH = 1.7
"""Of an object, in units: the mean of what scenes draw."""
TARGETS = {
    "colour": 98, "shape": 95, "count": None, "direction": 97, "motion": 92, "camera": 92, "light": 97, "ground": 97, "occlusion": 90,
}


def passes(name, scene, seen):
    """Whether a clip shows what its scene says of the attribute, or None where the scene says nothing of it."""
    if name == "colour":
        wanted = {scene.first.colour, scene.second.colour} if scene.second else {scene.first.colour}
        return wanted == set(seen.colours[: len(wanted)])
    if name == "shape":
        return seen.shape == scene.first.shape
    if name == "count":
        return seen.count == ("two" if scene.second else "one")
    if name == "direction":
        return seen.direction == scene.direction if scene.direction else None
    if name == "occlusion":
        return _comes_out(scene, seen) if scene.motion == "travel" and scene.place == "behind" else None
    return getattr(seen, name) == getattr(scene, name)


def _comes_out(scene, seen):
    """The same colour before and after, less of it between, and the way that was said."""
    if seen.way is None or seen.early != scene.first.colour or seen.late != scene.first.colour:
        return False
    frames = len(seen.areas)
    most = numpy.quantile(seen.areas, 0.9)
    third = frames // 3
    shown = seen.areas[:third].max() > 0.4 * most and seen.areas[-third:].max() > 0.4 * most
    hidden = seen.areas[2:-2].min() < 0.8 * most
    sign = 1 if scene.direction == "right" else -1
    panned = scene.camera not in ("static", "zoom in", "zoom out")
    return bool(shown and hidden and (panned or sign * seen.way > 0.15))


def shares(scenes, findings):
    """Percent of the clips that pass, and of how many, for each attribute."""
    result = {}
    for name in TARGETS:
        verdicts = [verdict for verdict in (passes(name, s, f) for s, f in zip(scenes, findings)) if verdict is not None]
        result[name] = (100 * sum(verdicts) / max(1, len(verdicts)), len(verdicts))
    return result


def by_value(name, scenes, findings):
    """Percent of passes for each value that scenes have of an attribute."""
    found = {}
    for scene, seen in zip(scenes, findings):
        verdict = passes(name, scene, seen)
        if verdict is not None:
            value = {"colour": scene.first.colour, "shape": scene.first.shape}.get(name) or getattr(scene, name, None)
            found.setdefault(value, []).append(verdict)
    return {value: (100 * sum(v) / len(v), len(v)) for value, v in sorted(found.items(), key=lambda item: str(item[0]))}


def physics(scenes, findings):
    """Median acceleration of what falls or bounces under a camera at rest or turning, in units/s², and of how many clips."""
    found = [f.acceleration * WIDTH for s, f in zip(scenes, findings)
             if s.motion in ("fall", "bounce") and s.camera in ("static", "pan left", "pan right") and not s.second and f.acceleration]
    return (float(numpy.median(found)) if found else float("nan")), len(found)


def steadiness(scenes, findings):
    """Medians of the drift of colour, in levels, and of size, of what stands, spins or travels under a camera at rest, and of
    the background's flicker there, in levels."""
    chosen = [f for s, f in zip(scenes, findings)
              if s.camera == "static" and s.motion in ("still", "spin", "travel") and s.occluder == "none"]
    values = {}
    for name in ("colour_drift", "size_drift", "flicker"):
        found = [getattr(f, name) for f in chosen if getattr(f, name) is not None]
        values[name] = float(numpy.median(found)) if found else float("nan")
    return values, len(chosen)


def frechet(one, other):
    """Fréchet distance (Heusel et al., https://arxiv.org/abs/1706.08500) of frames as thumbnails of 4×4 pixels in 0..1."""
    import cv2

    def moments(clips):
        small = numpy.array([cv2.resize(frame, (4, 4), interpolation=cv2.INTER_AREA).ravel() / 255.0 for clip in clips for frame in clip[::4]])
        return small.mean(0), numpy.cov(small.T) + 1e-9 * numpy.eye(small.shape[1])

    (m1, c1), (m2, c2) = moments(one), moments(other)
    roots = numpy.linalg.eigvals(c1 @ c2)
    return float(((m1 - m2) ** 2).sum() + numpy.trace(c1) + numpy.trace(c2) - 2 * numpy.sqrt(numpy.maximum(roots.real, 0)).sum())


__all__ = ["GRAVITY", "TARGETS", "WIDTH", "by_value", "frechet", "passes", "physics", "shares", "steadiness"]
