"""Training that is stopped and goes on."""
import dataclasses
import json
import math
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

import torch

from starter import continued, data, interim
from starter.preset import PRESETS
from starter.shards import basis
from starter.training import GROWTH, SPARSE, Training, times

TINY = dataclasses.replace(
    PRESETS["cpu"], sizes=((32, 32),), frames=3, clips=12, pictures=12, held_out=4, fitted=4, channels=8, encoder=20, decoder=20,
    heads=2, head=24, layers=1, feed_forward=48, batch=2, picture_batch=4, text_length=8, text_width=32)
COMMAND = """
import dataclasses, pathlib, sys
from starter import continued, data
from tests.test_continued import TINY
continued.PRESETS["tiny"], continued.SAVED, continued._give_way = TINY, 0.0, lambda: None
data.SHARD.update(pictures=4, clips=4)
continued.main()
"""


def small_shards():
    return mock.patch.dict(data.SHARD, {"pictures": 4, "clips": 4})


class Continued(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        self.addCleanup(torch.set_num_threads, threads)

    def trained(self, steps, folder):
        training = Training(TINY, self.folder / folder, "cpu")
        for _ in range(steps):
            training.advance()
        return training

    def assert_same(self, one, other):
        self.assertEqual((one.step, one.samples), (other.step, other.samples))
        for (name, a), (_, b) in zip(one.model.named_parameters(), other.model.named_parameters(), strict=True):
            self.assertTrue(torch.allclose(a, b, rtol=1e-5, atol=1e-7), name)
            self.assertTrue(torch.allclose(one.average[name], other.average[name], rtol=1e-5, atol=1e-7), name)

    @small_shards()
    def test_a_resumed_training_is_equal_to_one_without_a_stop(self):
        whole = self.trained(GROWTH + 3, "whole")
        first = self.trained(GROWTH - 2, "parts")
        first.save(self.folder / "state.pt")
        for _ in range(4):  # what came after the last state is lost, but for the shards that were rendered
            first.advance()
        resumed = Training(TINY, self.folder / "parts", "cpu")
        resumed.load(self.folder / "state.pt")
        for _ in range(5):
            resumed.advance()
        self.assert_same(whole, resumed)

    def command(self):
        command = [sys.executable, "-c", COMMAND, "--preset", "tiny", "--state", self.folder, "--minutes", "9", "--from", "none"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=pathlib.Path(__file__).parents[1])

    def test_a_command_that_is_asked_to_end_keeps_its_last_step(self):
        with self.command() as process:
            said = (json.loads(line) for line in process.stdout if line.startswith("{"))
            lines = [next(said)]
            process.send_signal(signal.SIGTERM)
            lines += said
        self.assertEqual(0, process.returncode)
        kept = torch.load(self.folder / "tiny" / "training.pt", weights_only=False)
        self.assertEqual(kept["history"][-1], lines[-1])
        self.assertEqual(kept["step"], lines[-1]["step"])

    def test_a_killed_command_goes_on_with_its_last_state(self):
        self.assertLessEqual(continued.SAVED, 60)
        with self.command() as process:
            said = (line for line in process.stdout if line.startswith("{"))
            lines = [json.loads(next(said)) for _ in range(5)]
            process.send_signal(signal.SIGKILL)
        kept = torch.load(self.folder / "tiny" / "training.pt", weights_only=False)
        self.assertGreaterEqual(kept["step"], lines[-2]["step"])  # a line is printed just before its state is written
        with small_shards():
            resumed = Training(TINY, self.folder / "tiny" / "data", "cpu")
            resumed.load(self.folder / "tiny" / "training.pt")
            resumed.advance()
            self.assert_same(self.trained(kept["step"] + 1, "whole"), resumed)

    @small_shards()
    def test_a_training_that_is_handed_over_goes_on_with_its_averaged_weights(self):
        folder = self.folder / "tiny"
        first = self.trained(GROWTH + 1, "tiny/data")
        first.history = [{"step": first.step, "clips": 0.5}]
        first.save(folder / "training.pt")
        interim.write(folder, self.folder / "handed")
        handed = interim.Interim(self.folder / "handed")
        handed.keep_basis(self.folder / "other")
        self.assertTrue(torch.equal(basis(folder / "data").basis, basis(self.folder / "other").basis))
        second = Training(TINY, self.folder / "other", "cpu")
        handed.begin(second)
        self.assertEqual((first.step, first.samples, first.history), (second.step, second.samples, second.history))
        for name, value in second.model.named_parameters():
            self.assertTrue(torch.allclose(first.average[name], value, rtol=1e-3, atol=1e-3), name)
            self.assertTrue(torch.equal(second.average[name], value), name)
        losses = second.advance()
        self.assertTrue(all(map(math.isfinite, losses.values())), losses)
        self.assertEqual([1, 0], sorted((len(shards.shards) for shards in second.rendering.shards.values()), reverse=True))

    @small_shards()
    def test_tokens_of_another_size_learn_from_the_same_data(self):
        self.trained(1, "data")
        rendered = {path.name: path.stat().st_mtime_ns for path in (self.folder / "data").iterdir()}
        coarse = Training(dataclasses.replace(TINY, patch=4), self.folder / "data", "cpu")
        losses = coarse.advance()
        self.assertTrue(all(map(math.isfinite, losses.values())), losses)
        self.assertEqual(rendered, {path.name: path.stat().st_mtime_ns for path in (self.folder / "data").iterdir()})

    @small_shards()
    def test_frames_are_left_out_of_most_clips_until_the_rate_falls(self):
        training = Training(dataclasses.replace(TINY, frames=6), self.folder / "data", "cpu")
        clips = training.rendering.shards["clips"]
        sizes = {1.0: [], 0.5: []}
        with mock.patch.object(clips, "batch", wraps=clips.batch) as batch:
            for share in [1.0] * 80 + [0.5] * 8:
                batch.reset_mock()
                training.advance(share)
                sizes[share] += [(call.args[0], call.args[3] and len(set(call.args[3]))) for call in batch.call_args_list]
        self.assertEqual({(2, None), (2 * SPARSE, 2)}, set(sizes[1.0]))
        self.assertLess(sizes[1.0].count((2, None)), len(sizes[1.0]) / 2)
        self.assertEqual({(2, None)}, set(sizes[0.5]))

    def test_clips_come_with_given_frames_and_levels_of_their_own(self):
        torch.manual_seed(1)
        drawn = times(4000, 9)
        given = (drawn == 0).any(1)
        own = ~given & (drawn != drawn[:, :1]).any(1)
        self.assertAlmostEqual(float(given.float().mean()), 0.15, delta=0.02)
        self.assertAlmostEqual(float(own.float().mean()), 0.07, delta=0.02)
        self.assertGreater(float(drawn[given].max(1).values.min()), 0)  # something is left to learn
        self.assertTrue(((drawn >= 0) & (drawn <= 1)).all())


if __name__ == "__main__":
    unittest.main()
