"""The diffusion transformer of Wan with a timestep for each latent frame, with the names and the arithmetic of
WanTransformer3DModel in diffusers, written for speed in training (https://arxiv.org/abs/2503.20314, section 4.2): on processors
with bfloat16 what passes from block to block is in it, too.

A timestep for each frame (Chen et al., Diffusion Forcing, https://arxiv.org/abs/2407.01392) makes continuing, filling in,
looping and image-to-video a matter of which frames are clean.
"""
import math

import torch
from torch import nn
from torch.nn import functional

from starter.arithmetic import fast

FREQUENCIES = 128


class Linear(nn.Linear):
    """Weights in float32, arithmetic in what is fast."""

    def forward(self, x):
        kind = fast(x.device)
        return functional.linear(x.to(kind), self.weight.to(kind), None if self.bias is None else self.bias.to(kind))


class LayerNorm(nn.LayerNorm):
    def forward(self, x):
        return functional.layer_norm(x, x.shape[-1:], self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return Rms.apply(x) * self.weight.to(x.dtype)


class Rms(torch.autograd.Function):
    """x / sqrt(mean(x²) + 1e-6) over the last dimension, with less traffic than autograd makes of it."""

    @staticmethod
    def forward(ctx, x):
        scale = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        scale = scale.square_().div_(x.shape[-1]).add_(1e-6).rsqrt_().to(x.dtype)
        y = x * scale
        ctx.save_for_backward(y, scale)
        return y

    @staticmethod
    def backward(ctx, gradient):
        y, scale = ctx.saved_tensors
        along = (gradient * y) @ y.new_full((y.shape[-1], 1), 1 / y.shape[-1])
        return torch.addcmul(gradient, y, along, value=-1).mul_(scale)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = (Linear(width, width) for _ in range(3))
        self.to_out = nn.ModuleList([Linear(width, width)])
        self.norm_q, self.norm_k = RmsNorm(width), RmsNorm(width)

    def forward(self, x, context=None, rotation=None):
        if context is None:
            q, k, v = together(x, self.to_q, self.to_k, self.to_v)
        else:
            q, (k, v) = self.to_q(x), together(context, self.to_k, self.to_v)
        q, k = self.norm_q(q), self.norm_k(k)
        if rotation is not None:
            q, k = rotation(q), rotation(k)
        q, k, v = (value.unflatten(2, (self.heads, -1)).transpose(1, 2) for value in (q, k, v))
        attend = OfProcessor.apply if x.device.type == "cpu" else functional.scaled_dot_product_attention
        out = attend(q, k, v)
        return self.to_out[0](out.transpose(1, 2).flatten(2))


class OfProcessor(torch.autograd.Function):
    """Attention of q, k and v [B, heads, tokens, D], some heads at a time, so that their weights stay in the processor's cache. The
    backward pass of the fused kernel takes almost three times as long on a CPU in bfloat16."""

    HEADS = 4

    @staticmethod
    def forward(ctx, q, k, v):
        shape = q.shape
        q, k, v = (q * shape[-1] ** -0.5).flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1)
        weights, out = q.new_empty(len(q), q.shape[1], k.shape[1]), torch.empty_like(q)
        for part in _parts(len(q)):
            torch.softmax(q[part] @ k[part].transpose(1, 2), -1, out=weights[part])
            torch.bmm(weights[part], v[part], out=out[part])
        ctx.save_for_backward(q, k, v, weights)
        return out.view(shape)

    @staticmethod
    def backward(ctx, gradient):
        q, k, v, weights = ctx.saved_tensors
        shape, gradient = gradient.shape, gradient.flatten(0, 1)
        of_q, of_k, of_v = (torch.empty_like(value) for value in (q, k, v))
        for part in _parts(len(q)):
            torch.bmm(weights[part].transpose(1, 2), gradient[part], out=of_v[part])
            of_weights = gradient[part] @ v[part].transpose(1, 2)
            of_scores = torch.ops.aten._softmax_backward_data(of_weights, weights[part], -1, q.dtype)
            torch.bmm(of_scores, k[part], out=of_q[part])
            torch.bmm(of_scores.transpose(1, 2), q[part], out=of_k[part])
        of_q, of_k, of_v = (value.unflatten(0, (shape[0], -1)) for value in (of_q * shape[-1] ** -0.5, of_k, of_v))
        return of_q, of_k, of_v


def _parts(count):
    return [slice(begin, begin + OfProcessor.HEADS) for begin in range(0, count, OfProcessor.HEADS)]


def together(x, *layers):
    """What each of the layers makes of x, by one product of matrices."""
    kind = fast(x.device)
    weight, bias = (torch.cat([getattr(layer, name) for layer in layers]).to(kind) for name in ("weight", "bias"))
    return functional.linear(x.to(kind), weight, bias).chunk(len(layers), -1)


class Rotation:
    """Rotary positions: pairs of neighbouring channels of each head turn by an angle that a token's place gives."""

    def __init__(self, cos, sin, quarter):
        self.cos, self.sin, self.quarter = cos, sin, quarter

    @classmethod
    def by(cls, angle, heads, device):
        """`angle` [tokens, pairs of a head]."""
        width = 2 * angle.shape[1] * heads
        kind = fast(device)
        angle = angle.repeat_interleave(2, 1).repeat(1, heads)
        pair = torch.tensor([[0.0, 1.0], [-1.0, 0.0]])
        quarter = torch.block_diag(*[pair] * (width // 2))  # a product that turns each pair by 90°
        return cls(angle.cos().to(device, kind), angle.sin().to(device, kind), quarter.to(device, kind))

    def of(self, frames, tokens):
        """That of some frames, of `tokens` tokens each."""
        cos, sin = (value.unflatten(0, (-1, tokens))[list(frames)].flatten(0, 1) for value in (self.cos, self.sin))
        return Rotation(cos, sin, self.quarter)

    def __call__(self, x):
        return torch.addcmul(x * self.cos, x @ self.quarter, self.sin)


class Gelu(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.proj = Linear(width, inner)

    def forward(self, x):
        return functional.gelu(self.proj(x), approximate="tanh")


class FeedForward(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.net = nn.ModuleList([Gelu(width, inner), nn.Identity(), Linear(inner, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class Block(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.attn1, self.attn2 = Attention(width, heads), Attention(width, heads)
        self.norm2 = LayerNorm(width, eps=1e-6)
        self.ffn = FeedForward(width, inner)
        self.scale_shift_table = nn.Parameter(torch.randn(1, 6, width) / width**0.5)

    def forward(self, x, context, modulation, rotation):
        """`modulation` [B, F, 6, D] holds for all tokens of a frame; x [B, F * HW, D]."""
        table = (self.scale_shift_table.unsqueeze(1) + modulation).to(x.dtype).unsqueeze(3).unbind(2)
        shift, scale, gate, shift_ffn, scale_ffn, gate_ffn = table

        def framed(value):
            return value.unflatten(1, (modulation.shape[1], -1))

        def normal(value):
            return functional.layer_norm(value, value.shape[-1:], eps=1e-6)

        h = torch.addcmul(shift, framed(normal(x)), 1 + scale).flatten(1, 2)
        x = torch.addcmul(framed(x), framed(self.attn1(h, None, rotation)), gate).flatten(1, 2)
        x = x + self.attn2(self.norm2(x), context)
        h = torch.addcmul(shift_ffn, framed(normal(x)), 1 + scale_ffn).flatten(1, 2)
        return torch.addcmul(framed(x), framed(self.ffn(h)), gate_ffn).flatten(1, 2)


class TimeText(nn.Module):
    def __init__(self, width, text_width):
        super().__init__()
        self.time_embedder = nn.ModuleDict({"linear_1": nn.Linear(FREQUENCIES, width), "linear_2": nn.Linear(width, width)})
        self.time_proj = nn.Linear(width, 6 * width)
        self.text_embedder = nn.ModuleDict({"linear_1": Linear(text_width, width), "linear_2": Linear(width, width)})

    def forward(self, timestep, text):
        half = FREQUENCIES // 2
        angle = timestep.float().unsqueeze(-1) * torch.exp(-math.log(10000) * torch.arange(half, device=timestep.device) / half)
        time = torch.cat([angle.cos(), angle.sin()], -1)
        time = self.time_embedder["linear_2"](functional.silu(self.time_embedder["linear_1"](time)))
        text = self.text_embedder["linear_2"](functional.gelu(self.text_embedder["linear_1"](text), approximate="tanh"))
        return time, self.time_proj(functional.silu(time)).unflatten(-1, (6, -1)), text


class Transformer(nn.Module):
    """`forward(latents [B, C, F, H, W], timestep [B, F] in 0..1000, text [B, L, D'])` gives the velocity, noise minus clip,
    in the shape of the latents; with `hidden`, also the tokens [B, F, H / patch, W / patch, D] in the middle of the network."""

    def __init__(self, channels, heads, head, layers, inner, text_width, patch):
        super().__init__()
        width = heads * head
        self.config = dict(
            patch_size=[1, patch, patch], num_attention_heads=heads, attention_head_dim=head, in_channels=channels,
            out_channels=channels, text_dim=text_width, freq_dim=FREQUENCIES, ffn_dim=inner, num_layers=layers,
            cross_attn_norm=True, qk_norm="rms_norm_across_heads", eps=1e-6, rope_max_seq_len=256,
        )
        self.heads, self.head, self.patch = heads, head, patch
        self.patch_embedding = nn.Conv3d(channels, width, (1, patch, patch), (1, patch, patch))
        self.condition_embedder = TimeText(width, text_width)
        self.blocks = nn.ModuleList([Block(width, heads, inner) for _ in range(layers)])
        self.scale_shift_table = nn.Parameter(torch.randn(1, 2, width) / width**0.5)
        self.proj_out = nn.Linear(width, channels * patch * patch)
        for _, parameter in self.named_parameters():
            if parameter.ndim == 2 and parameter.shape[0] > 1:
                nn.init.xavier_uniform_(parameter)
        nn.init.zeros_(self.proj_out.weight)
        nn.init.zeros_(self.proj_out.bias)
        nn.init.normal_(self.condition_embedder.time_proj.weight, std=0.02)
        self.rotations = {}

    def forward(self, latents, timestep, text, hidden=False, places=None):
        """`places`, rising, says which frames of a clip the latents are; without it they are the first ones."""
        count, channels, frames, height, width = latents.shape
        patch = self.patch
        rows, columns = height // patch, width // patch
        patches = latents.view(count, channels, frames, rows, patch, columns, patch).permute(0, 2, 3, 5, 1, 4, 6)
        x = functional.linear(patches.flatten(4).flatten(1, 3), self.patch_embedding.weight.flatten(1), self.patch_embedding.bias)
        x = x.to(fast(x.device))
        time, modulation, context = self.condition_embedder(timestep, text)
        rotation = self._rotation(frames if places is None else places[-1] + 1, rows, columns, x.device)
        if places is not None:
            rotation = rotation.of(places, rows * columns)
        middle = None
        for index, block in enumerate(self.blocks):
            x = block(x, context, modulation, rotation)
            if index == len(self.blocks) // 2:
                middle = x
        shift, scale = (self.scale_shift_table.unsqueeze(1) + time.unsqueeze(2)).unsqueeze(3).unbind(2)
        x = functional.layer_norm(x.float(), x.shape[-1:], eps=1e-6).unflatten(1, (frames, -1)) * (1 + scale) + shift
        x = self.proj_out(x).view(count, frames, rows, columns, patch, patch, channels)
        velocity = x.permute(0, 6, 1, 2, 4, 3, 5).reshape(latents.shape)
        return (velocity, middle.view(count, frames, rows, columns, -1)) if hidden else velocity

    def _rotation(self, frames, rows, columns, device):
        key = frames, rows, columns, device
        if key not in self.rotations:
            side = 2 * (self.head // 6)
            parts = []
            for axis, (length, size) in enumerate(((frames, self.head - 2 * side), (rows, side), (columns, side))):
                rate = 1 / 10000 ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
                angle = torch.outer(torch.arange(length, dtype=torch.float64), rate)
                shape = [1, 1, 1, -1]
                shape[axis] = length
                parts.append(angle.view(shape).expand(frames, rows, columns, -1))
            self.rotations[key] = Rotation.by(torch.cat(parts, -1).flatten(0, 2), self.heads, device)
        return self.rotations[key]
