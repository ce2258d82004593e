"""Compares what was estimated with the scene, and says what of a scene can be seen."""
import numpy as np

from evaluation import truth
from world.motion import GRAVITY

TARGETS = {"colour": 0.98, "shape": 0.95, "count": None, "direction": 0.97, "motion": 0.92, "camera": 0.92, "light": 0.97, "ground": 0.97, "occlusion": 0.90}
RESTITUTION = {"bounce": (0.78, 0.86), "fall": (0.25, 0.35), "throw": (0.55, 0.55)}
LEAST_CONTRAST = 22.0
"""Of 255: the mean distance in RGB between an object and what is around it, below which it is not asked for."""


def observable(clip: truth.Truth, scene) -> dict:
    """What can be judged in the renderer's own clip of the scene: an object when in five frames at least half of it and 60
    pixels are seen and it differs from its surroundings by LEAST_CONTRAST; the rest when its objects can; passing behind something when at least half of it is seen both before and after."""
    things = []
    size = clip.labels.shape[1]
    for index, thing in enumerate((scene.first, scene.second)):
        if not thing:
            continue
        good = 0
        for frame in range(len(clip.labels)):
            mask = clip.labels[frame] == index + 1
            if mask.sum() < 60 * size * size / 9216 or mask.sum() < 0.5 * clip.whole[index, frame]:
                continue
            rows, columns = np.nonzero(mask)
            around = np.zeros_like(mask)
            around[max(rows.min() - 3, 0) : rows.max() + 4, max(columns.min() - 3, 0) : columns.max() + 4] = True
            around &= clip.labels[frame] == truth.BACKGROUND
            if around.sum() < 10:
                continue
            pixels = clip.pixels[frame].astype(float)
            good += np.linalg.norm(np.median(pixels[mask], 0) - np.median(pixels[around], 0)) >= LEAST_CONTRAST
        things.append(good >= 5)
    # an object behind something passes it where the renderer's own is seen less of than both before and after
    area = (clip.labels == truth.FIRST).sum((1, 2))
    whole = np.percentile(area, 90)
    passes = any(min(area[:t].max(), area[t + 1 :].max()) > max(area[t] / 0.8, 0.5 * whole) for t in range(1, len(area) - 1))
    return {"things": things, "all": all(things), "passes": bool(passes)}


def compare(answers: dict, scene, seen: dict) -> dict:
    """For each attribute True or False, or None where it cannot be seen or does not apply."""
    things = [t for t in (scene.first, scene.second) if t]
    colours = [c for _, c in answers["things"]]
    result = {"light": answers["light"] == scene.light, "ground": answers["ground"] == scene.ground, "camera": answers["camera"] == scene.camera}
    asked = [t for t, ok in zip(things, seen["things"]) if ok]
    result["colour"] = all(t.colour in colours for t in asked) if asked else None
    # a shape is compared with that of the object of its colour, or with any where none has it
    shapes = [[s for s, c in answers["things"] if c == t.colour] or [s for s, _ in answers["things"]] for t in asked]
    result["shape"] = all(t.shape in s for t, s in zip(asked, shapes)) if asked else None
    result["count"] = (answers["count"] == len(things)) if seen["all"] else None
    result["motion"] = (answers.get("motion") == scene.motion) if seen["all"] else None
    result["direction"] = (answers.get("direction") == scene.direction) if scene.direction and seen["all"] else None
    result["occlusion"] = None
    if scene.place == "behind" and seen["all"] and seen["passes"]:
        crossing = answers.get("crossing")
        result["occlusion"] = bool(
            crossing and crossing["hidden"] and crossing["around"] and crossing["rest"] < 3.5
            and answers["things"][0][1] == scene.first.colour and abs(crossing["across"]) > 12 and answers.get("direction") == scene.direction
        )
    return result


def fallen(answers: dict, scene, seen: dict):
    """The measured acceleration over the world's and the restitution less its middle, or None: with a zoom the scale
    changes, so such clips are left out."""
    if scene.motion not in RESTITUTION or scene.camera.startswith("zoom") or not seen["all"] or not answers.get("gravity"):
        return None
    return {"acceleration": answers["gravity"]["gravity"] / GRAVITY, "restitution": answers["gravity"]["restitution"] - np.mean(RESTITUTION[scene.motion])}


def share(rows: list[dict], name: str):
    """Right, asked."""
    values = [row[name] for row in rows if row[name] is not None]
    return sum(values), len(values)
