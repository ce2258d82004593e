"""What the text encoder is asked while it is trained."""
import dataclasses
import unittest

import torch

from starter.auxiliary import ASKED, Auxiliary
from starter.text import Vocabulary, embed, text_encoder
from world.scene import Scene, Thing

ALONE = Scene(
    first=Thing("ball", "red"), second=None, relation=None, motion="travel", direction="right", camera="static", light="day",
    ground="grass", occluder="none", place="near", seed=1,
)


class Told(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)
        self.heads = Auxiliary(48, 32)
        self.known = Vocabulary(16)
        self.encoder = text_encoder(len(self.known.words), 32)

    def loss(self, texts, scenes):
        return self.heads.text_loss(embed(self.encoder, self.known, texts, "cpu"), texts, scenes)

    def test_what_is_not_described_is_not_asked_about(self):
        self.assertEqual(0, float(self.loss(["", ""], [ALONE, ALONE])))
        self.assertEqual(
            float(self.loss(["a red ball rolls to the right"], [ALONE])),
            float(self.loss(["a red ball rolls to the right", ""], [ALONE, dataclasses.replace(ALONE, motion="still")])))

    def test_of_one_object_nothing_is_asked_about_a_second(self):
        self.loss(["a red ball rolls to the right"], [ALONE]).backward()
        rows = self.heads.told.weight.grad.abs().sum(1).split([len(values) for values, _ in ASKED])
        asked = [bool(part.any()) for part in rows]
        self.assertEqual([True] * 6 + [False] * 3, asked)

    def test_the_order_of_words_is_learnt(self):
        texts = ["a red ball rolls from left to right", "a red ball rolls from right to left"]
        scenes = [ALONE, ALONE.mirrored()]
        adam = torch.optim.AdamW([*self.encoder.parameters(), *self.heads.parameters()], lr=1e-2)
        for _ in range(60):
            adam.zero_grad()
            self.loss(texts, scenes).backward()
            adam.step()
        # with the direction unknown, ln 2 of the nine questions' mean would be left
        self.assertLess(float(self.loss(texts, scenes).detach()), 0.69 / len(ASKED) / 4)


if __name__ == "__main__":
    unittest.main()
