"""The estimators on clips whose truth is known: `PYTHONPATH=. python -m unittest discover tests`, in model-training."""
import types
import unittest

import numpy as np

from evaluation import distribution, fit, flow, gravity, prompts, score, truth, video
from evaluation.discriminant import Discriminant
from evaluation.measure import Estimators
from world.motion import height_of_fall
from world.scene import Scene, Thing, sample_scenes

import torch


def scene(**changes):
    plain = dict(first=Thing("ball", "red"), second=None, relation=None, motion="travel", direction="right", camera="static",
                 light="day", ground="grass", occluder="none", place="near", seed=5)
    return Scene(**{**plain, **changes})


class Evaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.estimators = Estimators.load()

    def judged(self, wanted):
        clip = truth.render([wanted], 17, 8, 96)[0]
        answers = self.estimators.judge(clip.pixels, 8).answers
        return answers, score.compare(answers, wanted, score.observable(clip, wanted))

    def test_finds_what_rolls_past_and_where_to(self):
        for direction in ("left", "right"):
            answers, right = self.judged(scene(direction=direction))
            self.assertEqual((answers["things"], answers["direction"], answers["motion"]), ([("ball", "red")], direction, "travel"))
            self.assertNotIn(False, right.values())

    def test_finds_that_a_prompt_is_not_followed(self):
        answers, _ = self.judged(scene())
        other = scene(first=Thing("cube", "blue"), direction="left", light="night", ground="snow", camera="pan left")
        wrong = score.compare(answers, other, {"things": [True], "all": True, "passes": True})
        for name in ("colour", "shape", "direction", "light", "ground", "camera"):
            self.assertIs(wrong[name], False, name)

    def test_tells_the_camera_from_the_object(self):
        for camera in ("pan right", "tilt up", "zoom in", "orbit left", "track"):
            answers, _ = self.judged(scene(camera=camera))
            self.assertEqual((answers["camera"], answers["direction"]), (camera, "right"))

    def test_sees_what_passes_behind_a_wall(self):
        _, right = self.judged(scene(occluder="wall", place="behind"))
        self.assertTrue(right["occlusion"])

    def test_sees_no_passing_where_the_object_does_not_come_out(self):
        wanted = scene(occluder="wall", place="behind")
        clip = truth.render([wanted], 17, 8, 96)[0]
        pixels = clip.pixels.copy()
        # each half of the picture from when the object was in the other one
        pixels[7:] = np.concatenate([clip.pixels[16][:, :48], clip.pixels[0][:, 48:]], 1)
        right = score.compare(self.estimators.judge(pixels, 8).answers, wanted, {"things": [True], "all": True, "passes": True})
        self.assertFalse(right["occlusion"])

    def test_fits_gravity_and_restitution(self):
        seconds = torch.arange(17) / 8
        for acceleration, restitution in ((6.0, 0.8), (6.0, 0.3)):
            height = height_of_fall(1.8, restitution, 0.0, seconds).numpy()
            box = np.stack([np.full(17, 40.0), 60 - height * gravity.SCALE, np.full(17, 60.0), 80 - height * gravity.SCALE], -1)
            track = types.SimpleNamespace(box=box, cut=np.zeros(17, bool))
            path = np.stack([np.zeros(17), box[:, 3] - 40], -1)
            found = gravity.fit(types.SimpleNamespace(pixels=np.zeros((17, 96, 96, 3), np.uint8), paths=[path], tracks=[track]), 8)
            # 17 samples of exact heights leave little room; the search ends within a few per cent
            self.assertAlmostEqual(found["gravity"], acceleration, delta=0.3)
            self.assertAlmostEqual(found["restitution"], restitution, delta=0.05)

    def test_measures_a_turn_of_the_camera_in_pixels(self):
        clip = truth.render([scene(motion="still", direction=None, camera="pan left")], 17, 8, 96)[0]
        moved = flow.camera(clip.pixels, clip.labels > 0, clip.horizon).sum(0)
        self.assertTrue(24 < moved[0] < 38, moved)  # 0.34 rad ± 15 % of 88.8 pixels
        self.assertLess(abs(moved[1]), 2)

    def test_discriminant_separates_what_is_separable(self):
        chance = np.random.default_rng(1)
        features = chance.standard_normal((300, 2))
        answers = ["a" if x > y else "b" for x, y in features]
        fitted = Discriminant.fit(features, answers, ["a", "b"])
        self.assertGreater(np.mean([fitted.choose(f) == a for f, a in zip(features, answers)]), 0.97)

    def test_hidden_units_separate_what_no_line_does(self):
        chance = np.random.default_rng(1)
        features = chance.standard_normal((600, 2))
        answers = ["a" if x * y > 0 else "b" for x, y in features]
        rate = []
        for units in (0, 8):
            fitted = Discriminant.fit(features, answers, ["a", "b"], units=units)
            rate.append(np.mean([fitted.choose(f) == a for f, a in zip(features, answers)]))
        self.assertLess(rate[0], 0.7)
        self.assertGreater(rate[1], 0.95)

    def test_what_passes_behind_a_wall_stays_on_the_ground(self):
        wanted = scene(occluder="wall", place="behind")
        measures = self.estimators.see(truth.render([wanted], 17, 8, 96)[0].pixels)
        foot, bottom = measures.paths[0][:, 1], measures.tracks[0].box[:, 3]
        hidden = bottom < bottom.max() - 10  # the wall hides the lower part
        self.assertGreater(hidden.sum(), 3)
        self.assertLess(np.abs(foot[hidden] - np.median(foot[~hidden])).max(), 3)

    def test_an_occluder_is_no_object(self):
        for occluder in ("tree", "wall", "arch"):
            for colour in ("brown", "white", "red"):
                answers, _ = self.judged(scene(first=Thing("cube", colour), motion="still", direction=None, occluder=occluder))
                self.assertEqual(answers["things"], [("cube", colour)], occluder)

    def test_judges_what_is_softer_than_the_renderer_draws(self):
        wanted = scene(first=Thing("cube", "green"))
        clip = truth.render([wanted], 17, 8, 96)[0]
        answers = self.estimators.judge(fit.soften(clip.pixels, 0.8), 8).answers
        self.assertNotIn(False, score.compare(answers, wanted, score.observable(clip, wanted)).values())

    def test_clips_of_one_video_come_back_each_as_its_own(self):
        chance = np.random.default_rng(1)
        colours = chance.integers(40, 216, (5, 1, 1, 1, 3)).astype(np.uint8)
        clips = np.broadcast_to(colours, (5, 4, 16, 16, 3))
        for clip, lossy in zip(clips, video.encoded(list(clips), 8, 64)):
            self.assertEqual(lossy.shape, clip.shape)
            # a plain colour loses the rounding of two changes of colour space
            self.assertLess(np.abs(lossy.astype(int) - clip).max(), 6)

    def test_distance_of_equal_sets_is_zero_and_grows(self):
        chance = np.random.default_rng(1)
        one = chance.standard_normal((400, 6))
        self.assertAlmostEqual(distribution.distance(one, one), 0, places=6)
        self.assertAlmostEqual(distribution.distance(one, one + 1), 6, places=5)

    def test_prompts_are_the_same_each_time_and_not_those_of_training(self):
        chosen = sample_scenes(prompts.HELD_OUT, 20)
        self.assertEqual(prompts.descriptions(chosen), prompts.descriptions(sample_scenes(prompts.HELD_OUT, 20)))
        self.assertGreaterEqual(min(prompts.HELD_OUT, prompts.FITTED, prompts.VALIDATED, prompts.OTHERS), 1_000_000)


if __name__ == "__main__":
    unittest.main()
