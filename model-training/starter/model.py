"""The text encoder and the transformer as they are trained together, and how clips are sampled from them."""
import torch

from starter.text import Vocabulary, embed, text_encoder
from starter.transformer import Transformer

SHIFT = 1.5
"""Of the timesteps in training and sampling: Esser et al., https://arxiv.org/abs/2403.03206, section 5.3.2."""


class Model(torch.nn.Module):
    def __init__(self, preset):
        super().__init__()
        self.preset, self.vocabulary = preset, Vocabulary(preset.text_length)
        self.text = text_encoder(len(self.vocabulary.words), preset.text_width)
        self.transformer = Transformer(
            preset.channels, preset.heads, preset.head, preset.layers, preset.feed_forward, preset.text_width,
            preset.patch)

    @property
    def device(self):
        return self.transformer.proj_out.weight.device

    def embed(self, texts):
        return embed(self.text, self.vocabulary, texts, self.device)

    def guided(self, latents, timestep, text, blank, guidance):
        """Velocity with classifier-free guidance (Ho and Salimans, https://arxiv.org/abs/2207.12598)."""
        if guidance == 1:
            return self.transformer(latents, timestep, text)
        with_text, without = self.transformer(
            torch.cat([latents, latents]), torch.cat([timestep, timestep]), torch.cat([text, blank])).chunk(2)
        return without + guidance * (with_text - without)

    @torch.no_grad()
    def sample(self, texts, steps, guidance, frames, rows, columns, seed=0):
        """Latents of one clip for each text, by Euler's method from noise."""
        generator = torch.Generator().manual_seed(seed)
        x = torch.randn(len(texts), self.preset.channels, frames, rows, columns, generator=generator).to(self.device)
        text, blank = self.embed(texts), self.embed([""] * len(texts))
        times = timesteps(steps)
        for now, then in zip(times, times[1:]):
            timestep = torch.full((len(texts), frames), 1000 * now, device=self.device)
            x = x + (then - now) * self.guided(x, timestep, text, blank, guidance)
        return x


def timesteps(steps):
    """From 1 to 0, as FlowMatchEulerDiscreteScheduler of diffusers with `shift` sets them."""
    low = 1 / 1000
    low = SHIFT * low / (1 + (SHIFT - 1) * low)
    plain = [1 + (low - 1) * i / max(1, steps - 1) for i in range(steps)]
    return [SHIFT * t / (1 + (SHIFT - 1) * t) for t in plain] + [0.0]
