"""Fits the tables and discriminants on clips that the renderer draws: `python -m evaluation.fit`, seven minutes on a quiet processor."""
import dataclasses
import random

import cv2

from evaluation import measure, prompts, surroundings, truth, video
from evaluation.discriminant import Discriminant
from evaluation.measure import Estimators
from evaluation.palette import Palette
from world.scene import CAMERAS, GROUNDS, LIGHTS, MOTIONS, SHAPES, sample_scenes

KIND = 17, 8, 96
"""Frames, their rate and size: those of the starter model."""
SIDE = 384
"""Of the videos, in pixels."""
SOFT = 0.3, 0.9
"""Standard deviations, in pixels, between which a third of the clips is blurred: a model draws softer than the renderer."""


def lossy(scenes, only=None):
    """Yields (scene, truth), whose pixels went through a video, every third clip softened before; `only` as in truth.render."""
    chance = random.Random(2)
    for begin in range(0, len(scenes), 100):
        part = scenes[begin : begin + 100]
        drawn = truth.render(part, *KIND, None if only is None else only[begin : begin + 100])
        clips = [clip.pixels if only or i % 3 else soften(clip.pixels, chance.uniform(*SOFT)) for i, clip in enumerate(drawn)]
        yield from zip(part, [dataclasses.replace(c, pixels=p) for c, p in zip(drawn, video.encoded(clips, KIND[1], SIDE))])


def soften(pixels, deviation):
    return cv2.GaussianBlur(pixels.transpose(1, 2, 0, 3).reshape(*pixels.shape[1:3], -1), (0, 0), deviation).reshape(*pixels.shape[1:3], -1, 3).transpose(2, 0, 1, 3)


def is_thing(track, scene, labels):
    """Whether the track shows one of the scene's objects, by the truth's labels."""
    for index, thing in enumerate((scene.first, scene.second)):
        if thing and thing.colour == track.colour:
            return bool((track.masks & (labels == index + 1)).sum() > 0.5 * track.masks.sum())
    return False


def fit(frames=8000, clips=1200) -> Estimators:
    # single frames, every light on every ground
    scenes = sample_scenes(prompts.FITTED + 1, frames)
    scenes = [dataclasses.replace(s, light=LIGHTS[i % 4], ground=GROUNDS[i // 4 % 4]) for i, s in enumerate(scenes)]
    chance = random.Random(1)
    single = list(lossy(scenes, [chance.randrange(KIND[0]) for _ in scenes]))
    palette = Palette.fit([t for _, t in single], scenes)
    del single
    drawn = list(lossy(sample_scenes(prompts.FITTED, clips)))
    half = drawn[: clips // 2]  # enough for what is easily told
    seen = [surroundings.features(clip.pixels) for _, clip in half]
    estimators = Estimators(palette, Discriminant.fit(seen, [s.light for s, _ in half], LIGHTS), Discriminant.fit(seen, [s.ground for s, _ in half], GROUNDS))
    features, own = [], []
    for scene, clip in half:
        *_, tracks, described = estimators.candidates(clip.pixels)
        features += described
        own += [("part", "thing")[is_thing(t, scene, clip.labels)] for t in tracks]
    estimators.thing = Discriminant.fit(features, own, ("part", "thing"), units=16, ridge=3e-3)
    forms, shapes, moves, motions, turns, cameras = ([] for _ in range(6))
    for scene, clip in drawn:
        measures = estimators.see(clip.pixels)
        turns.append(measure.camera_features(measures))
        cameras.append(scene.camera)
        if measures.tracks:
            moves.append(measure.motion_features(measures))
            motions.append(scene.motion)
        for track, sides in zip(measures.tracks, measures.sides):
            for thing in (scene.first, scene.second):
                if thing and thing.colour == track.colour and is_thing(track, scene, clip.labels):
                    best = measure.best_frames(track, sides)
                    for chosen in (best, *([f] for f in best[::2])):
                        forms.append(measure.form(clip.pixels, track, chosen))
                        shapes.append(thing.shape)
    estimators.shape = Discriminant.fit(forms, shapes, SHAPES, units=24, ridge=3e-3)
    estimators.motion = Discriminant.fit(moves, motions, MOTIONS, units=16, ridge=3e-3)
    estimators.camera = Discriminant.fit(turns, cameras, CAMERAS)
    return estimators


if __name__ == "__main__":
    fit().save()
