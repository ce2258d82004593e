"""Latents by the Karhunen-Loève transform of blocks of 8×8 pixels and 4 frames.

The first frame of a clip counts as four equal ones, as the causal VAE of Wan sees it. The basis is the principal
components of the blocks (Jolliffe, Principal Component Analysis, https://doi.org/10.1007/b98835), so the encoder needs no
training: vae.py writes it into the weights of an AutoencoderKLWan.
"""
import dataclasses
import math

import torch

BLOCK, GROUP = 8, 4
DIMENSIONS = GROUP * BLOCK * BLOCK * 3


@dataclasses.dataclass(frozen=True)
class Latents:
    """`basis` [768, C] and `centre` [768] take a block (frame, row, column, colour) to raw latents; `mean` and `std` [C]
    normalise them, as latents_mean and latents_std of the VAE's configuration do."""

    basis: torch.Tensor
    centre: torch.Tensor
    mean: torch.Tensor
    std: torch.Tensor

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        """Normalised latents [B, C, 1 + (T - 1) / 4, H / 8, W / 8] of uint8 `pixels` [B, T, H, W, 3]."""
        raw = (blocks(pixels) - self.centre.to(pixels.device)) @ self.basis.to(pixels.device)
        return ((raw - self.mean.to(pixels.device)) / self.std.to(pixels.device)).permute(0, 4, 1, 2, 3)

    def raw(self, latents: torch.Tensor) -> torch.Tensor:
        shape = (1, -1, 1, 1, 1)
        return latents * self.std.to(latents.device).view(shape) + self.mean.to(latents.device).view(shape)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Pixels without a trained decoder: the linear inverse."""
        return unblock(self.raw(latents).permute(0, 2, 3, 4, 1) @ (self.basis * 64).T + self.centre)


def blocks(pixels: torch.Tensor) -> torch.Tensor:
    """[B, 1 + (T - 1) / 4, H / 8, W / 8, 768] in -1..1 of uint8 [B, T, H, W, 3]."""
    count, _, height, width, _ = pixels.shape
    values = pixels.float() / 127.5 - 1
    values = torch.cat([values[:, :1].expand(-1, GROUP - 1, -1, -1, -1), values], 1)
    values = values.view(count, -1, GROUP, height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    return values.permute(0, 1, 3, 5, 2, 4, 6, 7).reshape(count, values.shape[1], height // BLOCK, width // BLOCK, DIMENSIONS)


def fit(batches, channels: int, report=print) -> Latents:
    """The basis of `channels` components of the clips in `batches` (uint8 [B, T, H, W, 3] each)."""
    covariance, total, count = torch.zeros(DIMENSIONS, DIMENSIONS, dtype=torch.float64), torch.zeros(DIMENSIONS, dtype=torch.float64), 0
    for pixels in batches:
        flat = blocks(pixels).reshape(-1, DIMENSIONS)
        covariance += (flat.T @ flat).double().cpu()
        total += flat.sum(0).double().cpu()
        count += len(flat)
    centre = total / count
    covariance = covariance / count - torch.outer(centre, centre)
    power, vectors = torch.linalg.eigh(covariance)
    power, vectors = power.flip(0).clamp(min=0), vectors.flip(1)
    for kept in (8, 12, 16, 20, 24, 32, 48):
        left = float(power[kept:].sum()) / DIMENSIONS
        report(f"{kept} channels: linear reconstruction {10 * math.log10(4 / left):.2f} dB")
    basis = vectors[:, :channels].float() / 8
    deviation = power[:channels].float().sqrt() / 8
    # Whitened in part: what carries little is made larger, but stays smaller than what carries much.
    std = deviation[0] ** 0.6 * deviation**0.4 * 0.8
    return Latents(basis, centre.float(), torch.zeros(channels), std)


def unblock(values: torch.Tensor) -> torch.Tensor:
    """The opposite of `blocks`: uint8 [B, T, H, W, 3]; the first frame is the mean of its four."""
    count, groups, rows, columns, _ = values.shape
    values = values.view(count, groups, rows, columns, GROUP, BLOCK, BLOCK, 3).permute(0, 1, 4, 2, 5, 3, 6, 7)
    values = values.reshape(count, groups * GROUP, rows * BLOCK, columns * BLOCK, 3)
    values = torch.cat([values[:, :GROUP].mean(1, keepdim=True), values[:, GROUP:]], 1)
    return ((values + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
