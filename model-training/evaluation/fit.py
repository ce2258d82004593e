"""Fits the tables and discriminants on clips that the renderer draws: `python -m evaluation.fit`, five minutes on a quiet processor."""
import dataclasses
import random

from evaluation import measure, prompts, surroundings, truth
from evaluation.discriminant import Discriminant
from evaluation.measure import Estimators
from evaluation.palette import Palette
from world.scene import CAMERAS, GROUNDS, LIGHTS, MOTIONS, SHAPES, sample_scenes


def fit(frames=4000, clips=1200, drawn=None) -> Estimators:
    """`drawn` are clips of the scenes of seed FITTED that were rendered before."""
    many = sample_scenes(prompts.FITTED + 1, frames)
    many = [dataclasses.replace(s, light=LIGHTS[i % 4], ground=GROUNDS[i // 4 % 4]) for i, s in enumerate(many)]
    chance = random.Random(1)
    palette = Palette.fit(truth.render(many, 17, 8, 96, [chance.randrange(17) for _ in many]), many)
    chosen = sample_scenes(prompts.FITTED, clips)
    drawn = drawn or truth.render(chosen, 17, 8, 96)
    seen = [surroundings.features(clip.pixels) for clip in drawn]
    light = Discriminant.fit(seen, [s.light for s in chosen], LIGHTS)
    ground = Discriminant.fit(seen, [s.ground for s in chosen], GROUNDS)
    estimators = Estimators(palette, light, ground)
    forms, shapes, moves, motions, turns, cameras = ([] for _ in range(6))
    for clip, scene in zip(drawn, chosen):
        measures = estimators.see(clip.pixels)
        turns.append(measure.camera_features(measures))
        cameras.append(scene.camera)
        if measures.tracks:
            moves.append(measure.motion_features(measures))
            motions.append(scene.motion)
        for track in measures.tracks:
            for thing in (scene.first, scene.second):
                if thing and thing.colour == track.colour:
                    for only in (None, *([f] for f in measure.best_frames(track, 3))):
                        forms.append(measure.form(clip.pixels, track, only))
                        shapes.append(thing.shape)
    estimators.shape = Discriminant.fit(forms, shapes, SHAPES)
    estimators.motion = Discriminant.fit(moves, motions, MOTIONS)
    estimators.camera = Discriminant.fit(turns, cameras, CAMERAS)
    return estimators


if __name__ == "__main__":
    fit().save()
