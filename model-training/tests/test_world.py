"""The world: seeds, mirror images, descriptions, and physics that can be checked by hand."""
import dataclasses
import random
import unittest

import torch

from world.caption import caption, vocabulary, words
from world.motion import GRAVITY, height_of_fall, way_with_friction
from world.renderer import render
from world.scene import Scene, Thing, sample_scene

BEHIND = Scene(Thing("ball", "red"), None, None, "travel", "right", "static", "day", "grass", "wall", "behind", 5)


class World(unittest.TestCase):
    def test_draws_equal_scenes_alike_also_beside_others(self):
        scenes = [sample_scene(random.Random(seed)) for seed in range(4)]
        together = render(scenes, 5, 8, 32, 32).pixels
        for index, scene in enumerate(scenes):
            self.assertLessEqual(int((render([scene], 5, 8, 32, 32).pixels[0].int() - together[index]).abs().max()), 1)

    def test_draws_the_mirrored_scene_as_a_mirror_does(self):
        scenes = [sample_scene(random.Random(seed)) for seed in range(40, 52)]
        seen, turned = render(scenes, 5, 8, 32, 32), render([s.mirrored() for s in scenes], 5, 8, 32, 32)
        self.assertTrue(torch.equal(turned.pixels, seen.pixels.flip(3)))
        self.assertTrue(torch.equal(turned.coverage, seen.coverage.flip(3)))
        for scene in scenes:
            self.assertEqual(scene, scene.mirrored().mirrored())

    def test_draws_single_frames_as_in_the_clip(self):
        scenes = [sample_scene(random.Random(seed)) for seed in range(60, 64)]
        for frames, only in ((5, (4, 3, 2, 0)), (3, (2, 1, 1, 0))):  # of three frames, as of the three dimensions
            whole, single = render(scenes, frames, 8, 32, 32).pixels, render(scenes, frames, 8, 32, 32, only=list(only)).pixels
            for index, frame in enumerate(only):
                self.assertLessEqual(int((single[index, 0].int() - whole[index, frame]).abs().max()), 1)

    def test_hides_what_passes_behind_a_wall_and_shows_it_again(self):
        visible = render([BEHIND], 33, 12, 64, 64).visible[0]
        self.assertGreater(float(visible[0]), 0.6)
        self.assertLess(float(visible.min()), 0.4)
        self.assertGreater(float(visible[-1]), 0.6)

    def test_shows_the_object_where_its_coverage_is(self):
        drawn = render([dataclasses.replace(BEHIND, occluder="none", place="near")], 9, 8, 96, 96)
        columns = torch.arange(96) + 0.5
        for frame in (0, 8):
            cover = drawn.coverage[0, frame].float()
            centre = float((cover.sum(0) * columns).sum() / cover.sum())
            self.assertAlmostEqual(centre, float(drawn.screen[0, 0, frame, 0]), delta=2)

    def test_knows_every_word_that_it_says(self):
        known, chance = set(vocabulary()), random.Random(123456)
        for _ in range(3000):
            self.assertLessEqual(set(words(caption(sample_scene(chance), chance))), known)

    def test_says_all_when_asked_to(self):
        said = caption(BEHIND, random.Random(1), whole=True)
        for word in ("red", "right", "wall"):
            self.assertIn(word, said)


class Physics(unittest.TestCase):
    def test_falls_with_gravity_and_keeps_its_share_of_speed(self):
        seconds = torch.linspace(0, 3, 3001, dtype=torch.float64)
        height = height_of_fall(2.0, 0.8, 0.0, seconds)
        fall = (2 * 2.0 / GRAVITY) ** 0.5
        early = height[: int(fall * 1000) - 5]
        second = (early[2:] - 2 * early[1:-1] + early[:-2]) * 1e6
        self.assertTrue(torch.allclose(second, torch.full_like(second, -GRAVITY), rtol=1e-4))
        rebound = height[int(fall * 1000) + 5 : int((fall + 1.6 * fall) * 1000)].max()
        self.assertAlmostEqual(float(rebound), 2.0 * 0.8**2, places=3)

    def test_stops_by_friction_and_does_not_come_back(self):
        way = way_with_friction(2.0, 0.5, torch.tensor([0.0, 1.0, 4.0, 9.0]))
        self.assertEqual([0.0, 1.75, 4.0, 4.0], way.tolist())


if __name__ == "__main__":
    unittest.main()
