"""Latents by the Karhunen-Loève transform of blocks of 8×8 pixels of each frame.

The basis is the principal components of the blocks (Jolliffe, Principal Component Analysis, https://doi.org/10.1007/b98835),
so the encoder needs no training: vae.py writes it into the weights of an AutoencoderKLWan. What undoes it best looks at the
neighbouring blocks, too: the least squares solution for the pixels of a block, given the latents of 3×3 blocks. vae.py writes it
into the decoder.
"""
import dataclasses
import math

import torch
from torch.nn import functional

BLOCK = 8
DIMENSIONS = BLOCK * BLOCK * 3
WHITENED = 0.5
"""How far the components are brought to one strength: 0 leaves them as they are, 1 makes all equally strong."""
RIDGE = 1e-5
"""Of the mean power of the latents, is added to each: keeps the solution stable where a component hardly occurs."""


@dataclasses.dataclass(frozen=True)
class Latents:
    """`basis` [192, C] and `centre` [192] take a block (row, column, colour) to raw latents; `mean` and `std` [C] normalise
    them, as latents_mean and latents_std of the VAE's configuration do. `inverse` [192, C, 3, 3] is the kernel of the convolution
    that takes raw latents back to blocks less the centre, with zeros around the picture."""

    basis: torch.Tensor
    centre: torch.Tensor
    inverse: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised latents [B, C, T, H / 8, W / 8] of uint8 `pixels` [B, T, H, W, 3]."""
        raw = (blocks(pixels) - self.centre.to(pixels.device)) @ self.basis.to(pixels.device)
        return ((raw - self.mean.to(pixels.device)) / self.std.to(pixels.device)).permute(0, 4, 1, 2, 3)

    def raw(self, latents: torch.Tensor) -> torch.Tensor:
        shape = (1, -1, 1, 1, 1)
        return latents * self.std.to(latents.device).view(shape) + self.mean.to(latents.device).view(shape)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Pixels without a trained decoder: the linear inverse."""
        count = len(latents)
        made = functional.conv2d(self.raw(latents).transpose(1, 2).flatten(0, 1), self.inverse, self.centre, padding=1)
        return unblock(made.unflatten(0, (count, -1)).permute(0, 1, 3, 4, 2))


def blocks(pixels: torch.Tensor) -> torch.Tensor:
    """[B, T, H / 8, W / 8, 192] in -1..1 of uint8 [B, T, H, W, 3]."""
    count, frames, height, width, _ = pixels.shape
    values = (pixels.float() / 127.5 - 1).view(count, frames, height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return values.transpose(3, 4).reshape(count, frames, height // BLOCK, width // BLOCK, DIMENSIONS)


def fit(clips: list[torch.Tensor], channels: int, report=print) -> Latents:
    """The basis of `channels` components of `clips` (uint8 [B, T, H, W, 3] each)."""
    covariance, total, count = torch.zeros(DIMENSIONS, DIMENSIONS, dtype=torch.float64), torch.zeros(DIMENSIONS, dtype=torch.float64), 0
    for pixels in clips:
        flat = blocks(pixels).reshape(-1, DIMENSIONS)
        covariance += (flat.T @ flat).double().cpu()
        total += flat.sum(0).double().cpu()
        count += len(flat)
    centre = total / count
    covariance = covariance / count - torch.outer(centre, centre)
    power, vectors = torch.linalg.eigh(covariance)
    power, vectors = power.flip(0).clamp(min=0), vectors.flip(1)
    vectors = vectors * vectors.gather(0, vectors.abs().argmax(0, keepdim=True)).sign()  # the same on every machine
    for kept in (16, 24, 32, 40, 48):
        left = float(power[kept:].sum()) / DIMENSIONS
        report(f"{kept} channels: linear reconstruction of single blocks {10 * math.log10(4 / left):.2f} dB")
    deviation = power[:channels].float().sqrt()
    std = deviation[0] ** (1 - WHITENED) * deviation**WHITENED * 0.8
    basis, centre = vectors[:, :channels].float(), centre.float()
    return Latents(basis, centre, _inverse(clips, basis, centre), torch.zeros(channels), std)


def _inverse(clips, basis, centre):
    """The kernel with the least squared error."""
    size = 9 * basis.shape[1]
    seen, wanted = torch.zeros(size, size, dtype=torch.float64), torch.zeros(size, DIMENSIONS, dtype=torch.float64)
    for pixels in clips:
        block = (blocks(pixels) - centre.to(pixels.device)).flatten(0, 1)
        raw = (block @ basis.to(pixels.device)).permute(0, 3, 1, 2)
        around = functional.unfold(raw, 3, padding=1).transpose(1, 2).reshape(-1, size)  # in the order (channel, row, column)
        seen += (around.T @ around).double().cpu()
        wanted += (around.T @ block.reshape(-1, DIMENSIONS)).double().cpu()
    seen.diagonal().add_(RIDGE * seen.diagonal().mean())
    return torch.linalg.solve(seen, wanted).T.float().reshape(DIMENSIONS, -1, 3, 3).contiguous()


def unblock(values: torch.Tensor) -> torch.Tensor:
    """The opposite of `blocks`: uint8 [B, T, H, W, 3]."""
    count, frames, rows, columns, _ = values.shape
    values = values.view(count, frames, rows, columns, BLOCK, BLOCK, 3).transpose(3, 4)
    values = values.reshape(count, frames, rows * BLOCK, columns * BLOCK, 3)
    return ((values + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
