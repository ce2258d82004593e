"""The VAE: an AutoencoderKLWan of diffusers whose encoder computes the latents of latents.py and whose decoder is trained.

The encoder's weights are written, not learnt: convolutions pick and weigh what they see, residual branches are zero, a
large constant channel makes RMS normalisation the identity, and silu(u) - silu(-u) = u undoes the last nonlinearity.
"""
import os
import sys

import torch

if "DIFFUSERS_SRC" in os.environ:
    sys.path.insert(0, os.environ["DIFFUSERS_SRC"])

from diffusers import AutoencoderKLWan
from diffusers.models.autoencoders import autoencoder_kl_wan as wan

CONSTANT = 1000.0
KEPT = 24
"""Principal components of a patch of 4×4 pixels that the encoder carries between its two levels."""
ENCODER = 56
"""Width of the encoder's first level; twice that must hold four times the latent channels and a constant."""
REFERENCE = 6.0
"""A channel of the untrained decoder that is constant, so that its normalisations keep how strong the others are."""


def configuration(channels: int, decoder: int) -> dict:
    return dict(
        base_dim=ENCODER, decoder_base_dim=decoder, z_dim=channels, dim_mult=[1, 2, 2], num_res_blocks=1,
        attn_scales=[], temperal_downsample=[True, True], dropout=0.0, is_residual=False, in_channels=12, out_channels=12,
        patch_size=2, scale_factor_temporal=4, scale_factor_spatial=8,
    )


def autoencoder(latents, decoder: int) -> AutoencoderKLWan:
    """With the decoder as it is before training and an encoder of chance."""
    channels = latents.basis.shape[1]
    rounded = {name: [round(float(x), 6) for x in getattr(latents, name)] for name in ("mean", "std")}
    vae = AutoencoderKLWan(
        **configuration(channels, decoder), latents_mean=rounded["mean"], latents_std=rounded["std"])
    _start(vae, latents)
    return vae


@torch.no_grad()
def _start(vae, latents):
    """The decoder's first weights: the coarse picture goes through, residual branches are small, and channel 0 is constant."""
    decoder = vae.decoder
    for name, p in decoder.named_parameters():
        if p.ndim >= 4:
            small = 0.1 if name.endswith("conv2.weight") or "proj.weight" in name else 0.7
            p.normal_(0, small / p[0].numel() ** 0.5)
        elif name.endswith("bias"):
            p.zero_()
        elif name.endswith("gamma"):
            p.fill_(REFERENCE / p.numel() ** 0.5)
    for module in decoder.modules():
        if isinstance(module, wan.WanResidualBlock):
            module.conv1.bias.normal_(0, 0.3)
            module.conv2.weight[0] = 0
            if not isinstance(module.conv_shortcut, torch.nn.Identity):
                weight = module.conv_shortcut.weight
                torch.nn.init.orthogonal_(weight.view(weight.shape[0], -1))
                weight[0], weight[0, 0] = 0, 1
        elif isinstance(module, wan.WanResample):
            weight = module.resample[1].weight
            weight.mul_(0.5)
            weight[:, :, 1, 1] += torch.randn(weight.shape[:2]) / weight.shape[1] ** 0.5
            weight[:, 0], weight[0] = 0, 0
            weight[0, 0, 1, 1] = 1
            weight, width = module.time_conv.weight, module.time_conv.weight.shape[1]
            weight.mul_(0.2)
            weight[:, 0], weight[0], weight[width] = 0, 0, 0
            weight[:width, :, 2, 0, 0] += torch.eye(width)
            weight[width:, :, 2, 0, 0] += torch.eye(width)
        elif isinstance(module, wan.WanAttentionBlock):
            module.proj.weight.zero_()
    decoder.conv_in.weight[0] = 0
    decoder.conv_in.bias[0] = REFERENCE
    vae.post_quant_conv.weight.zero_()
    vae.post_quant_conv.weight[:, :, 0, 0, 0] = torch.diag(1 / latents.std / 1.2)
    vae.post_quant_conv.bias.copy_(-latents.mean / latents.std / 1.2)


def decode(vae, raw):
    """Pixels [B, 3, T, H, W] of raw latents, the whole clip at once: the arithmetic of the chunked decoder of diffusers."""
    x = vae.decoder.conv_in(vae.post_quant_conv(raw))
    x = vae.decoder.mid_block(x)
    for block in vae.decoder.up_blocks:
        for resnet in block.resnets:
            x = resnet(x)
        if block.upsamplers is not None:
            x = _upsample(block.upsamplers[0], x)
    x = vae.decoder.conv_out(torch.nn.functional.silu(vae.decoder.norm_out(x)))
    return wan.unpatchify(x, vae.config.patch_size)


def _upsample(module, x):
    if x.shape[2] > 1:
        later = module.time_conv(x[:, :, 1:])
        count, width, frames, height, columns = later.shape
        later = later.view(count, 2, width // 2, frames, height, columns).permute(0, 2, 3, 1, 4, 5)
        x = torch.cat([x[:, :, :1], later.reshape(count, width // 2, 2 * frames, height, columns)], 2)
    count, width, frames, height, columns = x.shape
    flat = module.resample(x.permute(0, 2, 1, 3, 4).reshape(count * frames, width, height, columns))
    return flat.view(count, frames, *flat.shape[1:]).permute(0, 2, 1, 3, 4)


@torch.no_grad()
def write_encoder(vae, latents, clips):
    """Writes `latents` into the encoder; `clips` (uint8 [B, T, H, W, 3]) give the components of its first level."""
    encoder, channels, kept = vae.encoder, latents.basis.shape[1], KEPT
    components = _components(clips, kept)
    for name, p in encoder.named_parameters():
        p.fill_(1.0) if name.endswith("gamma") else p.zero_()
    identity = torch.eye(channels)
    encoder.conv_in.weight[:12, :, 2, 1, 1] = torch.eye(12)
    first, second = encoder.down_blocks[1], encoder.down_blocks[3]
    quarter = components.view(2, 2, 12, kept)
    for row in range(2):
        for column in range(2):
            first.resample[1].weight[:kept, :12, row, column] = quarter[row, column].T
    # pairs of frames: half their sum and half their difference
    pair, half = first.time_conv.weight, torch.eye(kept) / 2
    pair[:kept, :kept, 1, 0, 0] = pair[:kept, :kept, 2, 0, 0] = half
    pair[kept : 2 * kept, :kept, 1, 0, 0], pair[kept : 2 * kept, :kept, 2, 0, 0] = -half, half
    width = encoder.down_blocks[2].conv_shortcut.weight.shape[1]
    encoder.down_blocks[2].conv_shortcut.weight[:width, :width, 0, 0, 0] = torch.eye(width)
    basis = latents.basis.view(4, 8, 8, 3, channels)
    weight, bias = second.resample[1].weight, second.resample[1].bias
    for below in range(2):
        for right in range(2):
            part = torch.zeros(4, 2, 2, 12, channels)
            for row in range(2):
                for column in range(2):
                    for colour in range(3):
                        for dy in range(2):
                            for dx in range(2):
                                part[:, row, column, colour * 4 + dx * 2 + dy] = basis[
                                    :, below * 4 + row * 2 + dy, right * 4 + column * 2 + dx, colour]
            frame = torch.einsum("tkz,kq->tzq", part.reshape(4, 48, channels), components)
            weight[:channels, :kept, below, right] = frame[0] + frame[1]
            weight[:channels, kept : 2 * kept, below, right] = frame[1] - frame[0]
            weight[channels : 2 * channels, :kept, below, right] = frame[2] + frame[3]
            weight[channels : 2 * channels, kept : 2 * kept, below, right] = frame[3] - frame[2]
            weight[2 * channels : 3 * channels, :kept, below, right] = frame.sum(0)
            weight[3 * channels : 4 * channels, :kept, below, right] = -frame.sum(0)
    offset = -(latents.centre @ latents.basis)
    bias[2 * channels : 3 * channels], bias[3 * channels : 4 * channels] = offset, -offset
    free = _free(weight.shape[0], channels)
    bias[free] = CONSTANT
    late = second.time_conv
    for sign, at in ((1.0, 2 * channels), (-1.0, 3 * channels)):
        late.weight[at : at + channels, :channels, 1, 0, 0] = sign * identity
        late.weight[at : at + channels, channels : 2 * channels, 2, 0, 0] = sign * identity
        late.bias[at : at + channels] = sign * offset
    late.bias[free] = CONSTANT
    encoder.norm_out.gamma.zero_()
    encoder.norm_out.gamma[2 * channels : 4 * channels] = CONSTANT / weight.shape[0] ** 0.5
    encoder.conv_out.weight[:channels, 2 * channels : 3 * channels, 2, 1, 1] = identity
    encoder.conv_out.weight[:channels, 3 * channels : 4 * channels, 2, 1, 1] = -identity
    encoder.conv_out.bias[channels:] = -20.0
    vae.quant_conv.weight.zero_()
    vae.quant_conv.bias.zero_()
    vae.quant_conv.weight[:, :, 0, 0, 0] = torch.eye(2 * channels)


def _free(width, channels):
    if width <= 4 * channels:
        raise ValueError(f"{width} channels leave none free beside 4 * {channels}")
    return 4 * channels


def _components(clips, kept):
    covariance = torch.zeros(48, 48)
    for clip in clips:
        pixels = (clip.float() / 127.5 - 1).permute(3, 0, 1, 2).unsqueeze(0)
        patches = wan.patchify(pixels, 2)[0]
        flat = patches.view(12, -1, patches.shape[2] // 2, 2, patches.shape[3] // 2, 2).permute(1, 2, 4, 3, 5, 0).reshape(-1, 48)
        covariance += flat.T @ flat
    return torch.linalg.eigh(covariance)[1].flip(1)[:, :kept]
