"""The VAE: an AutoencoderKLWan without resampling, so that a latent stands for 8×8 pixels of one frame and the last convolution
draws them all (depth-to-space). Names and arithmetic are those of diffusers; the weights begin as the transform of latents.py and
its linear inverse.

Nearest-neighbour upsampling, which the autoencoders of Wan have, gives a convolution four equal pixels to tell apart; without it
the inverse of the transform is the last convolution's weights, and training starts there.

How a linear map stands in a network of residual blocks: their branches are small, a large constant channel makes RMS
normalisation a division by that constant, and silu(u) - silu(-u) = u undoes the last nonlinearity.
"""
import torch
from torch import nn
from torch.nn import functional

from starter.arithmetic import fast
from starter.latents import BLOCK, DIMENSIONS

CONSTANT = 1000.0
"""The channel that is constant; what others add to the norm is an error of their squared sum over twice its square."""
STRENGTH = 4.0
"""A channel inside of each residual branch that is constant, so that normalisation keeps how strong the others are."""


class Convolution(nn.Conv3d):
    """Kernel 3; in time it looks back only. Arithmetic in what is fast while it is trained, the result in float32."""

    def __init__(self, channels, width):
        super().__init__(channels, width, 3, padding=(0, 1, 1))

    def forward(self, x):
        kind = fast(x.device) if self.training else torch.float32
        x = functional.pad(x, (0, 0, 0, 0, 2, 0)).to(kind)
        return functional.conv3d(x, self.weight.to(kind), self.bias.to(kind), padding=(0, 1, 1)).float()


class RmsNorm(nn.Module):
    def __init__(self, width, dimensions=3):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width, *[1] * dimensions))

    def forward(self, x):
        return functional.normalize(x, dim=1) * x.shape[1] ** 0.5 * self.gamma


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.norm1, self.conv1 = RmsNorm(width), Convolution(width, width)
        self.norm2, self.conv2 = RmsNorm(width), Convolution(width, width)

    def forward(self, x):
        return x + self.conv2(functional.silu(self.norm2(self.conv1(functional.silu(self.norm1(x))))))


class Attention(nn.Module):
    """Among the blocks of each frame. It stays at zero: what it could see, the transformer sees."""

    def __init__(self, width):
        super().__init__()
        self.norm = RmsNorm(width, 2)
        self.to_qkv, self.proj = nn.Conv2d(width, 3 * width, 1), nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.proj.weight)
        nn.init.zeros_(self.proj.bias)
        self.requires_grad_(False)

    def forward(self, x):
        return x


class Middle(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.resnets, self.attentions = nn.ModuleList([Residual(width), Residual(width)]), nn.ModuleList([Attention(width)])

    def forward(self, x):
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class Level(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.resnets = nn.ModuleList([Residual(width), Residual(width)])


class Encoder(nn.Module):
    def __init__(self, width, channels):
        super().__init__()
        self.conv_in, self.down_blocks, self.mid_block = Convolution(DIMENSIONS, width), nn.ModuleList([Residual(width)]), Middle(width)
        self.norm_out, self.conv_out = RmsNorm(width), Convolution(width, 2 * channels)

    def forward(self, x):
        x = self.mid_block(self.down_blocks[0](self.conv_in(x)))
        return self.conv_out(functional.silu(self.norm_out(x)))


class Decoder(nn.Module):
    def __init__(self, width, channels):
        super().__init__()
        self.conv_in, self.mid_block, self.up_blocks = Convolution(channels, width), Middle(width), nn.ModuleList([Level(width)])
        self.norm_out, self.conv_out = RmsNorm(width), Convolution(width, DIMENSIONS)

    def forward(self, x):
        x = self.mid_block(self.conv_in(x))
        for resnet in self.up_blocks[0].resnets:
            x = resnet(x)
        return self.conv_out(functional.silu(self.norm_out(x)))


class Vae(nn.Module):
    """`encode` takes pixels [B, 3, T, H, W] in -1..1 to raw latents [B, C, T, H / 8, W / 8], `decode` takes them back."""

    def __init__(self, latents, encoder: int, decoder: int):
        super().__init__()
        channels = latents.basis.shape[1]
        if min(encoder, decoder) <= 2 * channels:
            raise ValueError(f"widths {encoder} and {decoder} do not hold {channels} channels twice and a constant")
        self.encoder, self.decoder = Encoder(encoder, channels), Decoder(decoder, channels)
        self.quant_conv = nn.Conv3d(2 * channels, 2 * channels, 1)
        self.post_quant_conv = nn.Conv3d(channels, channels, 1)
        self.config = dict(
            base_dim=encoder, decoder_base_dim=decoder, z_dim=channels, dim_mult=[1], num_res_blocks=1, attn_scales=[],
            temperal_downsample=[], dropout=0.0, is_residual=False, in_channels=DIMENSIONS, out_channels=DIMENSIONS,
            patch_size=BLOCK, scale_factor_temporal=1, scale_factor_spatial=BLOCK,
            latents_mean=[round(float(x), 6) for x in latents.mean], latents_std=[round(float(x), 6) for x in latents.std],
        )
        _write(self, latents)

    def encode(self, pixels):
        return self.quant_conv(self.encoder(patches(pixels))).chunk(2, 1)[0]

    def decode(self, raw):
        return picture(self.decoder(self.post_quant_conv(raw)))


def patches(pixels):
    """[B, 192, T, H / 8, W / 8] of [B, 3, T, H, W], channels in the order (colour, column, row)."""
    count, colours, frames, height, width = pixels.shape
    x = pixels.view(count, colours, frames, height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return x.permute(0, 1, 6, 4, 2, 3, 5).reshape(count, DIMENSIONS, frames, height // BLOCK, width // BLOCK)


def picture(x):
    """The opposite of `patches`."""
    count, _, frames, rows, columns = x.shape
    x = x.view(count, 3, BLOCK, BLOCK, frames, rows, columns).permute(0, 1, 4, 5, 3, 6, 2)
    return x.reshape(count, 3, frames, rows * BLOCK, columns * BLOCK)


@torch.no_grad()
def _write(vae, latents):
    """The transform in the encoder and its inverse in the decoder."""
    channels = latents.basis.shape[1]
    here = slice(0, channels), slice(channels, 2 * channels)
    identity = torch.eye(channels)
    basis = latents.basis.view(BLOCK, BLOCK, 3, channels).permute(2, 1, 0, 3).reshape(DIMENSIONS, channels)
    centre = latents.centre.view(BLOCK, BLOCK, 3).permute(2, 1, 0).reshape(DIMENSIONS)
    for network in (vae.encoder, vae.decoder):
        width = network.norm_out.gamma.shape[0]
        _through(network, 2 * channels, latents.std)
        network.norm_out.gamma.fill_(1.0)
        network.norm_out.gamma[: 2 * channels] = CONSTANT / width**0.5
        network.conv_in.weight[: 2 * channels + 1] = 0
        network.conv_in.bias.zero_()
        network.conv_in.bias[2 * channels] = CONSTANT
    for part in (vae.quant_conv, vae.post_quant_conv):
        part.weight.zero_()
        part.bias.zero_()
    vae.quant_conv.weight[:, :, 0, 0, 0] = torch.eye(2 * channels)
    vae.post_quant_conv.weight[:, :, 0, 0, 0] = identity
    for sign, rows in zip((1.0, -1.0), here):
        vae.encoder.conv_in.weight[rows, :, 2, 1, 1] = sign * basis.T
        vae.encoder.conv_in.bias[rows] = -sign * (centre @ basis)
        vae.decoder.conv_in.weight[rows, :, 2, 1, 1] = sign * identity
    out = vae.encoder.conv_out
    out.weight.zero_()
    out.bias.zero_()
    out.bias[channels:] = -20.0
    out.weight[here[0], here[0], 2, 1, 1], out.weight[here[0], here[1], 2, 1, 1] = identity, -identity
    out = vae.decoder.conv_out
    out.weight.normal_(0, 0.003)
    out.weight[:, : 2 * channels + 1] = 0
    inverse = latents.inverse.view(BLOCK, BLOCK, 3, channels, 3, 3).permute(2, 1, 0, 3, 4, 5).reshape(DIMENSIONS, channels, 3, 3)
    out.weight[:, here[0], 2], out.weight[:, here[1], 2] = inverse, -inverse
    out.bias.copy_(centre)
    vae.encoder.conv_in.weight[2 * channels + 1 :] = 0
    for name, parameter in vae.encoder.named_parameters():
        if name.endswith("conv2.weight"):
            parameter.zero_()


def _through(network, constant, std):
    """Residual branches that hardly add to what goes through, and nothing to the constant channel; they see it of like strength."""
    for module in network.modules():
        if isinstance(module, Residual):
            width = module.conv1.weight.shape[0]
            fan = module.conv1.weight[0].numel()
            module.norm1.gamma.fill_(CONSTANT / width**0.5)
            module.norm1.gamma[:constant] /= torch.cat([std, std]).view(-1, 1, 1, 1)
            module.norm1.gamma[constant] = width**-0.5
            module.norm2.gamma.fill_(STRENGTH / width**0.5)
            module.conv1.weight.normal_(0, fan**-0.5)
            module.conv1.weight[0], module.conv1.bias[0] = 0, STRENGTH
            module.conv2.weight.normal_(0, 0.05 * fan**-0.5)
            module.conv2.bias.zero_()
            module.conv2.weight[: constant + 1] *= 0.2
            module.conv2.weight[constant] = 0
