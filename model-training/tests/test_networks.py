"""The networks against diffusers."""
import dataclasses
import os
import random
import sys
import unittest

import torch

if "DIFFUSERS_SRC" in os.environ:
    sys.path.insert(0, os.environ["DIFFUSERS_SRC"])

from diffusers import AutoencoderKLWan, FlowMatchEulerDiscreteScheduler, WanTransformer3DModel

from starter.latents import fit
from starter.model import SHIFT, timesteps
from starter.transformer import Transformer
from starter.vae import Vae
from world.renderer import render
from world.scene import sample_scene


class Networks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.manual_seed(1)
        cls.pixels = render([sample_scene(random.Random(seed)) for seed in range(8)], 9, 8, 32, 48).pixels
        cls.clips = (cls.pixels.float() / 127.5 - 1).permute(0, 4, 1, 2, 3)
        cls.latents = fit([cls.pixels], 16, report=lambda line: None)
        cls.vae = Vae(cls.latents, 40, 40).eval().requires_grad_(False)

    def theirs(self):
        autoencoder = AutoencoderKLWan(**self.vae.config).eval().requires_grad_(False)
        autoencoder.load_state_dict(self.vae.state_dict())
        return autoencoder

    def test_the_transformer_is_that_of_diffusers_with_a_timestep_for_each_frame(self):
        ours = Transformer(16, 2, 24, 2, 96, 32, 2)
        torch.nn.init.normal_(ours.proj_out.weight, std=0.1)
        theirs = WanTransformer3DModel(**{**ours.config, "patch_size": tuple(ours.config["patch_size"])})
        theirs.load_state_dict(ours.state_dict())
        latents, text, timestep = torch.randn(2, 16, 3, 4, 6), torch.randn(2, 7, 32), torch.rand(2, 3) * 1000
        wanted = theirs(latents, timestep.repeat_interleave(6, 1), text, return_dict=False)[0]
        made = ours(latents, timestep, text)
        # bfloat16 has 8 bits, and errors of some layers add up
        self.assertLess(float((made - wanted).detach().abs().max() / wanted.detach().abs().max()), 0.02)
        direction = torch.randn_like(wanted)
        for network, velocity in ((ours, made), (theirs, wanted)):
            (velocity * direction).sum().backward()
        for (name, ours_), (_, theirs_) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
            self.assertLess(float((ours_.grad - theirs_.grad).norm() / theirs_.grad.norm()), 0.05, name)

    def test_frames_of_a_clip_keep_their_distances(self):
        network = Transformer(16, 2, 24, 2, 96, 32, 2).eval()
        torch.nn.init.normal_(network.proj_out.weight, std=0.1)
        for block in network.blocks:  # sharp attention, which depends on places
            torch.nn.init.constant_(block.attn1.norm_q.weight, 4.0)
        latents, text, timestep = torch.randn(2, 16, 3, 4, 6), torch.randn(2, 7, 32), torch.rand(2, 3) * 1000
        with torch.no_grad():
            first, same, later, apart = (network(latents, timestep, text, places=places)
                                         for places in (None, [0, 1, 2], [4, 5, 6], [0, 3, 6]))
        self.assertTrue(torch.equal(first, same))
        # what is left between the first two comes of rounding in bfloat16
        self.assertLess(float((first - later).norm()), float((first - apart).norm()) / 4)

    def test_the_encoder_computes_the_latents(self):
        wanted = self.latents.raw(self.latents.encode(self.pixels))
        for made in (self.theirs().encode(self.clips).latent_dist.mode(), self.vae.encode(self.clips)):
            self.assertLess(float((made - wanted).pow(2).mean().sqrt() / wanted.pow(2).mean().sqrt()), 1e-3)

    def test_the_decoder_begins_as_the_linear_inverse(self):
        encoded = self.latents.encode(self.pixels)
        linear = self.latents.decode(encoded).float() / 127.5 - 1
        made = self.vae.decode(self.latents.raw(encoded)).clamp(-1, 1).permute(0, 2, 3, 4, 1)
        # the branches of the residual blocks are small, not zero: those would not learn
        self.assertLess(float((made - linear).pow(2).mean().sqrt()), 0.02)

    def test_the_whole_clip_is_decoded_as_by_chunks(self):
        raw = self.latents.raw(self.latents.encode(self.pixels[:2]))
        made, wanted = self.vae.decode(raw).clamp(-1, 1), self.theirs().decode(raw).sample
        self.assertLess(float((made - wanted).abs().max()), 1e-4)

    def test_the_linear_inverse_gives_back_most(self):
        error = self.latents.decode(self.latents.encode(self.pixels)).float() - self.pixels
        self.assertLess(float(error.pow(2).mean().sqrt()), 12)

    def test_neighbouring_blocks_tell_what_a_block_alone_does_not(self):
        seen, other = (render([sample_scene(random.Random(seed)) for seed in seeds], 2, 8, 64, 64).pixels
                       for seeds in (range(100, 220), range(50, 60)))
        latents = fit([seen], 8, report=lambda line: None)
        whole = latents.decode(latents.encode(other))
        single = torch.zeros_like(latents.inverse)
        single[:, :, 1, 1] = latents.basis
        alone = dataclasses.replace(latents, inverse=single).decode(latents.encode(other))
        errors = [float((made.float() - other).pow(2).mean()) for made in (whole, alone)]
        self.assertLess(errors[0], 0.95 * errors[1])

    def test_samples_at_the_schedulers_timesteps(self):
        scheduler = FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=SHIFT)
        scheduler.set_timesteps(8)
        for ours, theirs in zip(timesteps(8), scheduler.sigmas.tolist(), strict=True):
            self.assertAlmostEqual(ours, theirs, places=5)


if __name__ == "__main__":
    unittest.main()
