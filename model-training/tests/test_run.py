"""Training that begins with the checkpoint that is shipped."""
import pathlib
import unittest

import torch
from safetensors.torch import load_file

from starter.model import Model
from starter.preset import PRESETS
from starter.run import begin_with

CHECKPOINT = pathlib.Path(__file__).parents[2] / "models" / "starter" / "checkpoint"
LATENT = "patch_embedding.", "proj_out."


class Beginning(unittest.TestCase):
    def test_begins_with_the_weights_of_a_checkpoint(self):
        model = Model(PRESETS["cpu"])
        begin_with(model.transformer, CHECKPOINT / "transformer", but=LATENT)
        begin_with(model.text, CHECKPOINT / "text_encoder")
        exported = load_file(CHECKPOINT / "transformer" / "diffusion_pytorch_model.safetensors")
        self.assertEqual(set(exported), set(model.transformer.state_dict()))
        for name, value in model.transformer.state_dict().items():
            if not name.startswith(LATENT):
                self.assertTrue(torch.equal(value, exported[name].float()), name)
        words = load_file(CHECKPOINT / "text_encoder" / "model.safetensors")["shared.weight"].float()
        self.assertTrue(torch.equal(model.text.shared.weight, words))
        self.assertTrue(torch.equal(model.text.encoder.embed_tokens.weight, words))

    def test_refuses_a_checkpoint_of_another_preset(self):
        with self.assertRaisesRegex(ValueError, "of another preset: .* is \\["):
            begin_with(Model(PRESETS["gpu"]).transformer, CHECKPOINT / "transformer", but=LATENT)


if __name__ == "__main__":
    unittest.main()
