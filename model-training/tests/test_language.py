"""What the checkpoint tells of its words."""
import json
import pathlib
import unittest

from starter.language import CAMERA, language
from world.caption import CAMERA as PHRASES
from world.caption import words

CHECKPOINT = pathlib.Path(__file__).parents[2] / "models" / "starter" / "checkpoint"


class Language(unittest.TestCase):
    def setUp(self):
        tokenizer = json.loads((CHECKPOINT / "tokenizer" / "tokenizer.json").read_text())
        ids = tokenizer["model"]["vocab"]
        self.told = language(sorted(ids, key=ids.get))

    def test_stands_in_the_checkpoint(self):
        stored = json.loads((CHECKPOINT / "patchreel.json").read_text())
        self.assertEqual(self.told, {key: stored[key] for key in self.told})

    def test_replaces_unknown_words_by_known_ones(self):
        known = set(self.told["vocabulary"])
        for phrase, replacement in self.told["synonyms"].items():
            self.assertLessEqual(set(words(replacement)), known, phrase)
            self.assertFalse(set(words(phrase)) <= known, f"“{phrase}” needs no replacement")

    def test_says_camera_moves_as_the_captions_do(self):
        phrases = {phrase for some in PHRASES.values() for phrase in some}
        self.assertLessEqual(set(CAMERA.values()), phrases)


if __name__ == "__main__":
    unittest.main()
