"""The networks against diffusers, with weights of chance."""
import random
import unittest

import torch
from diffusers import FlowMatchEulerDiscreteScheduler, WanTransformer3DModel

from starter.latents import fit
from starter.model import SHIFT, timesteps
from starter.transformer import Transformer
from starter.vae import autoencoder, decode, write_encoder
from world.renderer import render
from world.scene import sample_scene


class Networks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(1)
        cls.pixels = render([sample_scene(random.Random(seed)) for seed in range(8)], 9, 8, 32, 48).pixels
        cls.latents = fit([cls.pixels], 16, report=lambda line: None)

    def test_the_transformer_is_that_of_diffusers_with_a_timestep_for_each_frame(self):
        ours = Transformer(16, 2, 24, 2, 96, 32)
        torch.nn.init.normal_(ours.proj_out.weight, std=0.1)
        theirs = WanTransformer3DModel(**{**ours.config, "patch_size": tuple(ours.config["patch_size"])})
        theirs.load_state_dict(ours.state_dict())
        latents, text, timestep = torch.randn(2, 16, 3, 4, 6), torch.randn(2, 7, 32), torch.rand(2, 3) * 1000
        with torch.no_grad():
            wanted = theirs(latents, timestep.repeat_interleave(6, 1), text, return_dict=False)[0]
            made = ours(latents, timestep, text)
        # bfloat16 has 8 bits, and errors of some layers add up
        self.assertLess(float((made - wanted).abs().max() / wanted.abs().max()), 0.02)

    def test_the_encoder_computes_the_latents(self):
        vae = autoencoder(self.latents, 16)
        write_encoder(vae, self.latents, self.pixels)
        clip = (self.pixels.float() / 127.5 - 1).permute(0, 4, 1, 2, 3)
        with torch.no_grad():
            made = vae.encode(clip).latent_dist.mode()
        wanted = self.latents.raw(self.latents.encode(self.pixels))
        # what the components dropped between the encoder's two levels leave, on frames of chance
        self.assertLess(float((made - wanted).pow(2).mean().sqrt() / wanted.pow(2).mean().sqrt()), 0.02)

    def test_the_whole_clip_is_decoded_as_by_chunks(self):
        vae = autoencoder(self.latents, 16)
        raw = self.latents.raw(self.latents.encode(self.pixels[:1]))
        with torch.no_grad():
            self.assertLess(float((decode(vae, raw).clamp(-1, 1) - vae.decode(raw).sample).abs().max()), 1e-5)

    def test_the_linear_inverse_gives_back_most(self):
        error = self.latents.decode(self.latents.encode(self.pixels)).float() - self.pixels
        self.assertLess(float(error.pow(2).mean().sqrt()), 20)

    def test_samples_at_the_schedulers_timesteps(self):
        scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=SHIFT)
        scheduler.set_timesteps(8)
        for ours, theirs in zip(timesteps(8), scheduler.sigmas.tolist(), strict=True):
            self.assertAlmostEqual(ours, theirs, places=5)


if __name__ == "__main__":
    unittest.main()
